using ChatOps.Bot.Configuration;
using ChatOps.Specs.Conventions;

namespace ChatOps.Specs.Configuration;

/// <summary>A policy file with a mistake is refused: what it was to hold back would otherwise be open.</summary>
public sealed class PolicyFileSpecs : IDisposable
{
    private const string People =
        """{ "id": "olga", "roles": ["operator"] }, { "id": "ada", "roles": ["approver"] }, { "id": "bo", "roles": ["approver"] }""";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>Files with one mistake, each with its sentence.</summary>
    public static TheoryData<string, string> Wrong { get; } =
        new()
        {
            { "[]", "the file: expected an object, found a list" },
            { """{ "rule": [] }""", "rule: there is no such property. Did you mean rules?" },
            { """{ "users": null }""", "users: expected a list of people, found null" },
            { """{ "users": [null] }""", "users[0]: expected an object, found null" },
            { """{ "users": [{ "roles": ["admin"] }] }""", "users[0].id: expected a name, found nothing" },
            { """{ "users": [{ "id": "a" }, { "id": "a" }] }""", "users[1].id: a is the id of users[0] already" },
            {
                """{ "users": [{ "id": "a", "roles": ["admin"], "roles": [] }] }""",
                "users[0].roles: expected once, found again. Next: take one of them out"
            },
            { """{ "users": [{ "id": "a", "roles": [null] }] }""", "users[0].roles[0]: expected a text, found null" },
            { """{ "users": [{ "id": "a", "roles": "admin" }] }""", "users[0].roles: expected a list of roles, found \"admin\"" },
            {
                """{ "users": [{ "id": "a", "unix": true }] }""",
                "users[0].unix: expected the name or the number of an account on this machine, found true"
            },
            { """{ "rules": [{ "commands": ["expose"], "who": "operator" }] }""", "rules[0].approvals: expected 0 to 10, found nothing" },
            {
                """{ "rules": [{ "commands": ["expose"], "who": "operator", "approvals": null }] }""",
                "rules[0].approvals: expected 0 to 10, found null"
            },
            {
                """{ "rules": [{ "commands": ["expose"], "who": "operator", "approvals": 11 }] }""",
                "rules[0].approvals: expected 0 to 10, found 11"
            },
            {
                """{ "rules": [{ "commands": ["expose"], "who": "operator", "approvals": "0" }] }""",
                "rules[0].approvals: expected 0 to 10, found \"0\""
            },
            {
                """{ "rules": [{ "commands": ["expose"], "approvals": 0 }] }""",
                "rules[0].who: expected viewer, operator, approver or admin, found nothing"
            },
            {
                """{ "rules": [{ "commands": ["expos"], "who": "operator", "approvals": 0 }] }""",
                "rules[0].commands: no command \"expos\". Did you mean expose?"
            },
            {
                """{ "rules": [{ "commands": [], "who": "operator", "approvals": 0 }] }""",
                "rules[0].commands: expected names of commands, found none"
            },
            {
                """{ "rules": [{ "commands": ["expose"], "who": "operator", "approvals": 0, "ports": "9-1" }] }""",
                "rules[0].ports: expected a port or a range such as 1-1023, found \"9-1\""
            },
            {
                """{ "rules": [{ "commands": ["expose"], "who": "operator", "approvals": 0, "protocol": "sctp" }] }""",
                "rules[0].protocol: expected tcp or udp, found \"sctp\""
            },
            {
                """{ "roles": ["Security"] }""",
                "roles[0]: expected another name than viewer, operator, approver or admin, in small letters, digits and hyphens, found \"Security\""
            },
            {
                """{ "roles": ["admin"] }""",
                "roles[0]: expected another name than viewer, operator, approver or admin, in small letters, digits and hyphens, found \"admin\""
            },
            {
                """{ "roles": ["security"], "users": [{ "id": "a", "roles": ["secuirty"] }] }""",
                "users[0].roles[0]: expected viewer, operator, approver, admin or security, found \"secuirty\""
            },
            {
                """{ "rules": [{ "commands": ["expose"], "who": "operator", "approvals": [] }] }""",
                "rules[0].approvals: expected 1 to 10 in all, found 0"
            },
            {
                """{ "rules": [{ "commands": ["expose"], "who": "operator", "approvals": [{ "role": "approver" }] }] }""",
                "rules[0].approvals[0].count: expected 1 to 10, found nothing"
            },
            {
                """{ "rules": [{ "commands": ["expose"], "who": "operator", "approvals": [{ "role": "admin", "count": 6 }, { "role": "admin", "count": 1 }] }] }""",
                "rules[0].approvals: expected each role once, found admin again"
            },
            {
                """{ "rules": [{ "commands": ["expose"], "who": "operator", "approvals": [{ "role": "admin", "count": 1, "by": 1 }] }] }""",
                "rules[0].approvals[0].by: there is no such property. Expected role, count."
            },
            {
                """{ "rules": [{ "commands": ["expose"], "who": "operator", "approvals": 0, "vm": "web**" }] }""",
                "rules[0].vm: expected the name of a VM, or how names begin, such as web-*, found \"web**\""
            },
            {
                """{ "rules": [{ "commands": ["expose"], "who": "operator", "approvals": 0, "gateway": "gw*" }] }""",
                "rules[0].gateway: expected the name of a gateway, such as gw1, found \"gw*\""
            },
            {
                """{ "rules": [{ "commands": ["expose"], "who": "operator", "approvals": 0, "from": "10.0.0.1/8" }] }""",
                "rules[0].from: expected a network or an address, such as 198.51.100.0/24 or 203.0.113.66, found \"10.0.0.1/8\""
            },
            {
                """{ "rules": [{ "commands": ["expose"], "who": "operator", "approvals": 0, "lifetime": "long" }] }""",
                "rules[0].lifetime: expected a length of time, such as 8h, found \"long\""
            },
            {
                """{ "rules": [{ "commands": ["peer add"], "who": "operator", "approvals": 0, "vm": "web-*" }] }""",
                "rules[0].vm: peer add can never be asked about that. Next: take it out, or name other commands"
            },
            {
                """{ "rules": [{ "commands": ["audit"], "who": "operator", "approvals": 1 }] }""",
                "rules[0].approvals: expected 0, because audit proposes no change that somebody could approve, found 1"
            },
            { """{ "repair": "always" }""", "repair: expected asked or automatic, found \"always\"" },
            { """{ "recordQuestions": "yes" }""", "recordQuestions: expected true or false, found \"yes\"" },
            {
                """{ "discord": { "roles": { "5": "operator", "5": "admin" } } }""",
                "discord.roles.5: expected once, found again. Next: take one of them out"
            },
            { """{ "discord": { "role": {} } }""", "discord.role: there is no such property. Did you mean roles?" },
            {
                """{ "discord": { "roles": { "5": "root" } } }""",
                "discord.roles.5: expected viewer, operator, approver or admin, found \"root\""
            },
            {
                """{ "oidc": { "groups": { "a": "root" } } }""",
                "oidc.groups.a: expected viewer, operator, approver or admin, found \"root\""
            },
            { """{ "oidc": { "hours": 169 } }""", "oidc.hours: expected 1 to 168, found 169" },
            {
                """{ "discord": { "token": "abc" } }""",
                "discord.token: a token does not belong into this file. Next: set Discord__Token, or Discord__TokenFile to a file that only this user can read"
            },
            {
                """{ "oidc": { "clientSecret": "x" } }""",
                "oidc.clientSecret: a secret does not belong into this file. Next: set Oidc__ClientSecret, or Oidc__ClientSecretFile to a file that only this user can read"
            },
            { """{ "oidc": { "hours": 0.5 } }""", "oidc.hours: expected 1 to 168, found 0.5" },
        };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void What_is_wrong_is_said_with_its_place(string json, string sentence) => Assert.Equal([sentence], Mistakes(json));

    [Fact]
    public void All_that_is_wrong_is_said_at_once() =>
        Assert.Equal(
            [
                "users[0].discord: expected the id of an account on Discord, which is digits, found \"x\"",
                "users[0].entra: expected the object id of an account, such as 6f1c3b1e-8c3b-4f0e-9d55-0d1c5f1f2a10, found \"y\"",
                "users[1].id: a is the id of users[0] already",
                "rules[0].who: expected viewer, operator, approver or admin, found \"root\"",
                "rules[1].aprovals: there is no such property. Did you mean approvals?",
            ],
            Mistakes(
                """
                {
                  "users": [{ "id": "a", "discord": "x", "entra": "y" }, { "id": "a" }],
                  "rules": [
                    { "commands": ["expose"], "who": "root", "approvals": 1 },
                    { "commands": ["audit"], "who": "admin", "aprovals": 1 }
                  ]
                }
                """
            )
        );

    [Theory]
    [InlineData(
        3,
        "operator",
        "rules[0].approvals: expected 2 at most, found 3: the role approver have ada, bo, and who proposes does not approve"
    )]
    [InlineData(
        2,
        "approver",
        "rules[0].approvals: expected 1 at most, found 2: the role approver have ada, bo, and who proposes does not approve"
    )]
    [InlineData(2, "operator", null)]
    [InlineData(1, "approver", null)]
    public void More_approvals_than_there_can_be_are_refused(int approvals, string who, string? sentence)
    {
        var rule = $$"""{ "commands": ["expose"], "who": "{{who}}", "approvals": {{approvals}} }""";
        Assert.Equal(sentence is null ? [] : [sentence], Mistakes($$"""{ "users": [{{People}}], "rules": [{{rule}}] }"""));
    }

    [Fact]
    public void How_many_people_a_group_elsewhere_has_is_not_known() =>
        Assert.Empty(
            Mistakes(
                $$"""{ "users": [{{People}}], "rules": [{ "commands": ["expose"], "who": "operator", "approvals": 9 }], "oidc": { "groups": { "leads": "approver" } } }"""
            )
        );

    [Theory]
    [InlineData(""" "ports": "80" """, """ "ports": "80", "protocol": "tcp" """, true)]
    [InlineData("", """ "ports": "80" """, true)]
    [InlineData(""" "ports": "1-1023" """, """ "ports": "22-80" """, true)]
    [InlineData(""" "ports": "1-1023" """, """ "ports": "1000-2000" """, false)]
    [InlineData(""" "protocol": "tcp" """, """ "ports": "80" """, false)]
    [InlineData(""" "ports": "80" """, "", false)]
    public void A_rule_that_an_earlier_one_decides_wholly_is_refused(string first, string second, bool isShadowed)
    {
        string RuleOf(string commands, string conditions) =>
            $$"""{ "commands": [{{commands}}], "who": "operator", "approvals": 1{{(conditions.Length > 0 ? "," : "")}}{{conditions}} }""";
        const string Sentence =
            "rules[1]: it never decides anything, because rules[0] comes first and is for all of it. Next: put it before that, or take it out";
        Assert.Equal(
            isShadowed ? [Sentence] : [],
            Mistakes(
                $$"""{ "users": [{{People}}], "rules": [{{RuleOf("\"expose\", \"extend\"", first)}}, {{RuleOf("\"expose\"", second)}}] }"""
            )
        );
        Assert.Empty(
            Mistakes(
                $$"""{ "users": [{{People}}], "rules": [{{RuleOf("\"extend\"", first)}}, {{RuleOf("\"expose\", \"extend\"", second)}}] }"""
            )
        );
    }

    [Theory]
    [InlineData("bot/policy.json")]
    [InlineData("infra/package/policy.json")]
    public void The_files_that_we_give_are_read(string file) => Assert.NotEmpty(PolicyFile.Load(Path.Combine(Checkout.Root, file)).Users);

    [Fact]
    public void The_examples_of_the_documentation_are_read()
    {
        var text = File.ReadAllText(Path.Combine(Checkout.Root, "docs", "policy.md"));
        var examples = text.Split("```json\n").Skip(1).Select(e => e[..e.IndexOf("```", StringComparison.Ordinal)]).ToList();
        Assert.Equal(3, examples.Count);
        Assert.All(examples, e =>
            Assert.Empty(Mistakes($$"""{ {{e}}, "oidc": { "groups": { "leads": "approver", "guards": "admin" } } }"""))
        );
    }

    private string[] Mistakes(string json)
    {
        var file = _folder.In("policy.json");
        File.WriteAllText(file, json);
        try
        {
            PolicyFile.Load(file);
            return [];
        }
        catch (ConfigurationException e)
        {
            return [.. e.Message.Split('\n').Select(line => line[(file.Length + 2)..])];
        }
    }
}
