using System.Collections.Immutable;
using ChatOps.Core.Decisions.Policy;
using ChatOps.Core.Domain.Authority;
using CsCheck;
using static ChatOps.Specs.Given;

namespace ChatOps.Specs.Changes;

/// <summary>Consent of several roles: each person fills one place.</summary>
public sealed class QuorumSpecs
{
    private static readonly Role Security = Role.Named("security");
    private static readonly Approvals Both = new(1, "approver", [new(1, "security")]);
    private static readonly PolicyRule TwoRoles = new(["expose"], null, null, null, Role.Operator, Both);
    private static readonly Speaker Guard = Person("guard", Security);
    private static readonly Speaker Chief = Person("chief", Role.Approver, Security);

    [Fact]
    public void Each_role_consents_once() =>
        AGateway()
            .Under(TwoRoles)
            .When(Operator, "expose vm2:8080 on 80")
            .When(Approver, "approve 1")
            .Then("change-approved.v1")
            .When(SecondApprover, "approve 1")
            .Refused("#1 needs the consent of the role security; second does not have it.")
            .When(Approver, "approve 1")
            .Refused("you have approved #1 already; it waits for 1 more (security).")
            .When(Guard, "approve 1")
            .Then("change-approved.v1", "change-accepted.v1");

    [Fact]
    public void Who_has_both_roles_makes_room_for_who_has_one()
    {
        AGateway()
            .Under(TwoRoles)
            .When(Operator, "expose vm2:8080 on 80")
            .When(Chief, "approve 1")
            .When(Approver, "approve 1")
            .Then("change-approved.v1", "change-accepted.v1");
        AGateway()
            .Under(TwoRoles)
            .When(Operator, "expose vm2:8080 on 80")
            .When(Chief, "approve 1")
            .When(Guard, "approve 1")
            .Then("change-approved.v1", "change-accepted.v1");
    }

    [Fact]
    public void One_person_with_both_roles_is_one() =>
        AGateway()
            .Under(TwoRoles)
            .When(Operator, "expose vm2:8080 on 80")
            .When(Chief, "approve 1")
            .Then("change-approved.v1")
            .When(Chief, "approve 1")
            .Refused("you have approved #1 already; it waits for 1 more (security).");

    [Fact]
    public void A_role_of_its_own_approves_and_denies_where_a_rule_names_it_and_nowhere_else() =>
        AGateway()
            .Under(TwoRoles)
            .When(Operator, "expose vm2:8080 on 80")
            .When(Operator, "unexpose 81")
            .Refused("tcp 81 is not open on gw1.")
            .When(Operator, "vm add vm9 400::9")
            .When(Guard, "approve 2")
            .Refused("approve needs the role approver; guard has the role security.")
            .When(Guard, "deny 1 because \"no\"")
            .Then("change-denied.v1");

    [Fact]
    public void A_team_opens_the_ports_of_its_vms_and_takes_back_what_it_proposed()
    {
        var team = Role.Named("team-a");
        var tina = Person("tina", team);
        var rule = new PolicyRule(["expose"], null, null, null, team, new(1, "team-a")) { Scope = new(Text("vm2*")), Place = "rules[0]" };
        AGateway()
            .Under(rule)
            .When(tina, "expose vm3:8080 on 80")
            .Refused("expose needs the role operator; tina has the role team-a. With it: expose for vm vm2* (rules[0]).")
            .When(tina, "expose vm2:8080 on 80")
            .Then("change-proposed.v1")
            .When(tina, "approve 1")
            .Refused("tina proposed #1; someone else must approve it.")
            .When(tina, "withdraw 1")
            .Then("change-withdrawn.v1")
            .When(tina, "expose vm2:8080,vm3:8080 on 80")
            .Refused("expose needs the role operator; tina has the role team-a. With it: expose for vm vm2* (rules[0]).")
            .When(tina, "expose vm2:8080 on 80")
            .When(Person("tom", team), "approve 2")
            .Then("change-approved.v1", "change-accepted.v1")
            .When(tina, "unexpose 80")
            .Refused("unexpose needs the role operator; tina has the role team-a.");
    }

    [Theory]
    [InlineData("expose vm2:80 on 80 from 203.0.113.0/25 for 4h", true)]
    [InlineData("expose vm2:80 on 80 from 203.0.113.7,203.0.113.9 for 8h", true)]
    [InlineData("expose vm2:80 on 80 from 203.0.113.7,198.51.100.1 for 8h", false)]
    [InlineData("expose vm2:80 on 80 for 4h", false)]
    [InlineData("expose vm2:80 on 80 from 203.0.113.0/25", false)]
    [InlineData("expose vm2:80 on 80 from 203.0.113.0/25 for 9h", false)]
    [InlineData("expose vm2:80 on 80 from 203.0.112.0/22 for 4h", false)]
    public void What_is_for_few_and_short_needs_nobody(string line, bool isByItself) =>
        AGateway()
            .Under(Short)
            .When(Operator, line)
            .Then(isByItself ? ["change-proposed.v1", "change-accepted.v1"] : ["change-proposed.v1"]);

    [Fact]
    public void What_is_kept_open_again_and_again_is_held_by_all_its_time() =>
        AGateway()
            .Under(Short)
            .When(Operator, "expose vm2:80 on 80 from 203.0.113.0/25 for 4h")
            .Applied()
            .When(Operator, "extend 1 for 3h")
            .Then("change-proposed.v1", "change-accepted.v1")
            .Applied()
            .When(Operator, "extend 1 for 2h")
            .Then("change-proposed.v1");

    [Fact]
    public void The_strictest_of_some_has_no_more_places_than_it_takes()
    {
        Assert.Equal("1 approver and 1 admin", Quorum.Strictest([new(2, "approver"), new(1, "admin")]).Roles);
        Assert.Equal("2 approver and 1 security", Quorum.Strictest([new(2, "approver"), Both]).Roles);
        Assert.Equal(0, Quorum.Strictest([Approvals.None, Approvals.None]).Total);
    }

    [Fact]
    public void As_many_places_are_filled_as_can_be() =>
        Gen.Select(Places, Gen.Select(Some, Some, Some, Some).Array[0, 4])
            .Sample(
                (needs, people) =>
                {
                    var there = people.Select(p => ImmutableArray.Create(p.Item1, p.Item2)).ToList();
                    return Quorum.Open(needs, there).Total == needs.Total - Best([.. needs.Places], there);
                }
            );

    [Fact]
    public void Who_fills_the_strictest_fills_each() =>
        Gen.Select(Places, Places)
            .Sample(
                (one, other) =>
                {
                    var strictest = Quorum.Strictest([one, other]);
                    return strictest.Implies(one) && strictest.Implies(other);
                }
            );

    private static PolicyRule Short =>
        new(["expose", "extend"], null, null, null, Role.Operator, Approvals.None)
        {
            Scope = new(From: Core.Domain.Values.Text.Parse<Core.Domain.Values.Network>("203.0.113.0/24"), Lifetime: TimeSpan.FromHours(8)),
        };

    private static Gen<Role> Some => Gen.Int[0, 3].Select(i => new[] { Role.Operator, Role.Approver, Role.Admin, Security }[i]);

    private static Gen<Approvals> Places => Some.Array[0, 4].Select(Approvals.Of);

    private static NamePattern Text(string pattern) => Core.Domain.Values.Text.Parse<NamePattern>(pattern);

    private static Speaker Person(string name, params ImmutableArray<Role> roles) => new(new("local", name, name), roles);

    // Tries every way to seat them.
    private static int Best(ImmutableArray<Role> places, List<ImmutableArray<Role>> people) =>
        people.Count == 0
            ? 0
            : places
                .Select((p, i) => people[0].Include(p) ? 1 + Best(places.RemoveAt(i), people[1..]) : 0)
                .Append(Best(places, people[1..]))
                .Max();
}
