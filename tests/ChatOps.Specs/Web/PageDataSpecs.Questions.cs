using ChatOps.Core.Decisions.Policy;
using ChatOps.Core.Domain.Authority;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;
using ChatOps.Core.Language.Audit;

namespace ChatOps.Specs.Web;

/// <summary>Questions of the page as policy and the log see them.</summary>
public sealed partial class PageDataSpecs
{
    [Fact]
    public async Task The_timeline_understands_what_audit_does_and_says_what_it_does_not()
    {
        await OpenAsync("80");
        using var vic = await _web.SignInAsync("vic");
        Assert.Equal("80", (await vic.AskAsync("timeline?q=80")).Word("understood"));
        Assert.Equal("80", (await vic.AskAsync("timeline?q=audit+80")).Word("understood"));
        Assert.Equal("#1 · approved", (await vic.AskAsync("timeline?q=who+approved+1")).Word("understood"));
        var slip = (await vic.AskAsync("timeline?q=80+sinse+7d")).GetProperty("refusal");
        Assert.Contains("Did you mean: audit 80 since 7d", slip.Word("sentence"), StringComparison.Ordinal);
        var hidden = (await vic.AskAsync($"timeline?q={Uri.EscapeDataString($"text \"{Key}\"")}")).GetProperty("refusal");
        Assert.Contains("not shown to you", hidden.Word("sentence"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_policy_denies_a_question_the_page_is_denied_it_too()
    {
        PolicyRule ForAdmins(params string[] commands) => new([.. commands], null, null, null, Role.Admin, new Approvals(0, "approver"));
        await using var strict = await WebRoom.OpenAsync(new([ForAdmins("audit", "peers", "show")]));
        await strict.HappensAsync(
            new PeerAdded(0, Text.Parse<Name<Peer>>("laptop"), Text.Parse<WireGuardKey>(Key), Text.Parse<Address>(PeerAddress))
        );
        using var olga = await strict.SignInAsync("olga");
        Assert.Contains(
            "audit needs the role admin",
            (await olga.AskAsync("timeline")).GetProperty("refusal").Word("sentence"),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "show needs the role admin",
            (await olga.AskAsync("change?of=1")).GetProperty("refusal").Word("sentence"),
            StringComparison.Ordinal
        );
        Assert.Empty((await olga.AskAsync("moments")).GetProperty("moments").EnumerateArray());
        Assert.Empty((await olga.AskAsync("now")).Gateways()[0].GetProperty("peers").EnumerateArray());
    }

    [Fact]
    public async Task A_question_is_recorded_once_however_often_the_page_looks_again()
    {
        await using var strict = await WebRoom.OpenAsync(ChangePolicy.Default with { RecordsQuestions = true });
        using var vic = await strict.SignInAsync("vic");
        foreach (var question in new[] { "timeline?q=vm2", "timeline?q=vm2", "timeline?q=80", "now", "now" })
            await vic.AskAsync(question);
        var asked = await strict
            .Core.Past.ReadAsync(new() { Words = [AuditWord.Find("questions")!] }, default)
            .Select(l => l.Details)
            .ToListAsync();
        Assert.Equal(["audit vm2", "audit 80", "status"], asked);
    }
}
