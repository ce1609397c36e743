using System.Collections.Immutable;
using ChatOps.Core.Decisions.Policy;
using ChatOps.Core.Domain.Authority;
using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;
using CsCheck;
using static ChatOps.Specs.Given;

namespace ChatOps.Specs.Changes;

/// <summary>
/// Whatever several people say in whatever order, and however policy changes meanwhile: nothing is accepted without the consent that the
/// policy in force asks for, by people who are all different and none of whom proposed it.
/// </summary>
public sealed class ConsentProperty
{
    private static readonly Role Security = Role.Named("security");

    private static readonly Speaker[] People =
    [
        Person("olga", Role.Operator),
        Person("ada", Role.Approver),
        Person("ben", Role.Approver, Role.Operator),
        Person("sam", Security),
        Person("sue", Security, Role.Approver, Role.Operator),
        Person("root", Role.Admin),
        // Known by another name elsewhere, and still the same person.
        new(new("local", "sue", "Susanne"), [Security, Role.Operator]),
    ];

    private static readonly Gen<Approvals> Consent = Gen.Select(Gen.Int[0, 2], Gen.Int[0, 1], Gen.Int[0, 1])
        .Select(
            (approvers, guards, admins) =>
                Approvals.Of([
                    .. Enumerable.Repeat(Role.Approver, approvers),
                    .. Enumerable.Repeat(Security, guards),
                    .. Enumerable.Repeat(Role.Admin, admins),
                ])
        );

    private static readonly Gen<PolicyRule> Rule = Gen.Select(Consent, Gen.Int[79, 82], Gen.Int[0, 3])
        .Select(
            (needs, low, vm) =>
                new PolicyRule(["expose"], new Port(low), new Port(82), null, Role.Operator, needs)
                {
                    Scope = vm == 0 ? RuleScope.Any : new(Text.Parse<NamePattern>($"vm{vm}")),
                }
        );

    private static readonly Gen<ChangePolicy> Policy = Rule.Array[0, 3].Select(rules => new ChangePolicy([.. rules]));

    private static readonly Gen<string> Line = Gen.Frequency(
        (3, Gen.Select(Gen.Int[1, 3], Gen.Int[79, 83], (vm, port) => $"expose vm{vm}:8080 on {port}")),
        (1, Gen.Select(Gen.Int[1, 3], Gen.Int[79, 83], (vm, port) => $"expose vm{vm}:8080,vm2:8080 on {port}")),
        (6, Gen.Int[1, 5].Select(n => $"approve {n}")),
        (1, Gen.Int[1, 5].Select(n => $"withdraw {n}"))
    );

    private static readonly Gen<(string Line, int Speaker, int Policy)> Step = Gen.Select(
        Line,
        Gen.Int[0, People.Length - 1],
        Gen.Int[0, 8]
    );

    [Fact]
    public void Nothing_is_accepted_without_the_consent_that_the_policy_in_force_asks_for() =>
        Gen.Select(Policy.Array[3, 3], Step.List[1, 40])
            .Sample(
                (policies, steps) =>
                {
                    var (given, policy) = (AGateway(), policies[0]);
                    foreach (var (line, speaker, next) in steps)
                    {
                        policy = next < policies.Length ? policies[next] : policy;
                        given.Under(policy.Rules).When(People[speaker], line);
                        foreach (var accepted in given.Events.OfType<ChangeAccepted>())
                            Assert.True(
                                IsConsentedTo(given.State.Changes[accepted.Number], policy),
                                $"{People[speaker].Actor.Name}: {line}"
                            );
                    }
                },
                iter: 3000
            );

    // Says it all again in the plainest way: each opened port and VM by the first rule for it, each with its own people.
    private static bool IsConsentedTo(Change change, ChangePolicy policy)
    {
        var approvers = change.Approvers.Select(a => a.Id).ToList();
        if (approvers.Distinct().Count() != approvers.Count || approvers.Contains(change.By.Id))
            return false;
        var opened = change.Effects.OfType<ExposureOpened>().Single();
        return opened.Targets.All(target =>
        {
            var rule = policy.Rules.FirstOrDefault(r =>
                opened.Endpoint.Port!.Value.Port.Number >= r.From!.Value.Number
                && opened.Endpoint.Port.Value.Port.Number <= 82
                && r.Scope.Vm?.Matches(target.Vm.ToString()) != false
            );
            var places = rule is null ? [Role.Approver] : rule.Needs.Places.ToImmutableArray();
            return CanSit(places, [.. change.Given.Select(g => g.Roles)]);
        });
    }

    private static bool CanSit(ImmutableArray<Role> places, ImmutableArray<ImmutableArray<Role>> people) =>
        places.IsEmpty
        || people.Select((roles, i) => roles.Include(places[0]) && CanSit(places.RemoveAt(0), people.RemoveAt(i))).Any(sits => sits);

    private static Speaker Person(string name, params ImmutableArray<Role> roles) => new(new("local", name, name), roles);
}
