using System.Text.Json;
using System.Text.RegularExpressions;
using ChatOps.Bot.Configuration;
using ChatOps.Core.Language.Commands;
using ChatOps.Specs.Conventions;
using Json.Schema;

namespace ChatOps.Specs.Configuration;

/// <summary>The schema by which editors complete the policy file says what its reader says, as far as a schema can.</summary>
public sealed partial class PolicySchemaSpecs : IDisposable
{
    private static readonly JsonDocumentOptions Options = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };
    private static readonly JsonSchema Schema = JsonSchema.FromText(
        File.ReadAllText(Path.Combine(Checkout.Root, "bot", "policy.schema.json"))
    );

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(PolicyFileSpecs.Wrong), MemberType = typeof(PolicyFileSpecs))]
    public void What_the_reader_refuses_the_schema_refuses_where_it_can(string json, string sentence) =>
        Assert.Equal(BeyondASchema().IsMatch(sentence), IsValid(json));

    [Theory]
    [InlineData("{}")]
    [InlineData(
        """{ "$schema": "./policy.schema.json", "$comment": "ours", "users": [{ "id": "a", "name": "A", "roles": ["viewer"], "timeZone": "Europe/Berlin", "unix": 1000 }] }"""
    )]
    [InlineData(
        """{ "users": [{ "id": "a", "discord": "9", "entra": "6f1c3b1e-8c3b-4f0e-9d55-0d1c5f1f2a10", "oidc": "s", "unix": "alice" }] }"""
    )]
    [InlineData(
        """{ "rules": [{ "commands": ["expose"], "ports": "1-1023", "protocol": "udp", "who": "admin", "approvals": 0, "approver": "admin" }] }"""
    )]
    [InlineData(
        """{ "roles": ["team-a"], "users": [{ "id": "a", "roles": ["team-a", "admin"] }, { "id": "b", "roles": ["team-a", "admin"] }], "rules": [{ "commands": ["expose"], "vm": "web-*", "gateway": "gw1", "from": "10.0.0.0/8", "lifetime": "8h", "who": "team-a", "approvals": [{ "role": "team-a", "count": 1 }] }] }"""
    )]
    [InlineData(
        """{ "rules": [{ "commands": ["audit"], "who": "admin" }], "repair": "automatic", "recordQuestions": true, "peersShownTo": [] }"""
    )]
    [InlineData("""{ "discord": { "guild": "1", "channels": ["2"], "notices": "3", "roles": { "4": "viewer" }, "gateway": false } }""")]
    [InlineData(
        """{ "oidc": { "issuer": "https://login.example.com", "clientId": "c", "scopes": ["groups"], "groupClaim": "groups", "groups": { "a": "admin" }, "hours": 8 } }"""
    )]
    public void What_the_reader_takes_the_schema_takes(string json)
    {
        File.WriteAllText(_folder.In("policy.json"), json);
        PolicyFile.Load(_folder.In("policy.json"));
        Assert.True(IsValid(json));
    }

    [Theory]
    [InlineData("bot/policy.json")]
    [InlineData("infra/package/policy.json")]
    public void The_files_that_we_give_name_it_and_follow_it(string file)
    {
        var text = File.ReadAllText(Path.Combine(Checkout.Root, file));
        Assert.Contains("policy.schema.json\"", text, StringComparison.Ordinal);
        Assert.True(IsValid(text));
    }

    [Fact]
    public void It_knows_every_command()
    {
        using var schema = JsonDocument.Parse(File.ReadAllText(Path.Combine(Checkout.Root, "bot", "policy.schema.json")));
        string[] NamesOf(string definition) =>
            [
                .. schema
                    .RootElement.GetProperty("$defs")
                    .GetProperty(definition)
                    .GetProperty("enum")
                    .EnumerateArray()
                    .Select(n => n.GetString()!),
            ];
        Assert.Equal(Catalogue.All.Where(s => s.Proposes).Select(s => s.Name).Distinct(), NamesOf("change"));
        Assert.Equal(Catalogue.All.Where(s => !s.Proposes).Select(s => s.Name).Distinct(), NamesOf("question"));
    }

    // Twice the same property, id or role; a time zone or a role that nobody knows; the order within a range of ports, bits after a prefix;
    // what a command never has.
    [GeneratedRegex(
        "found again|is the id of|time zone|(admin|security), found \"|found \"9-1\"|10.0.0.1/8|once, found admin|can never be asked"
    )]
    private static partial Regex BeyondASchema();

    private static bool IsValid(string json)
    {
        using var document = JsonDocument.Parse(json, Options);
        return Schema.Evaluate(document.RootElement).IsValid;
    }
}
