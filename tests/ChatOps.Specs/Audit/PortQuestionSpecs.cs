using System.Collections.Immutable;
using ChatOps.Bot.Chat;
using ChatOps.Bot.Local;
using ChatOps.Core.Decisions;
using ChatOps.Core.Domain.Authority;
using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;
using ChatOps.Storage.Sqlite;

namespace ChatOps.Specs.Audit;

/// <summary>A port without a protocol means both, in every question that takes one.</summary>
public sealed class PortQuestionSpecs : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private SqliteEventLog _log = null!;
    private ConversationHost _host = null!;
    private int _lines;

    private ConversationCore Core => _host.Core;

    public async Task InitializeAsync()
    {
        _log = await SqliteEventLog.OpenAsync(_folder.In("log.db"));
        _host = await new ConversationHost(_log, _folder.In("past.db"), [Given.Gateway()]).StartAsync();
        await HappensAsync(new VmAdded(0, Given.Vm("vm2"), [Text.Parse<Address>("400::100:0:0:2")]));
        var number = 0;
        foreach (var port in new[] { "20005/udp", "20006", "20006/udp" })
        {
            var opened = new ExposureOpened(++number, Text.Parse<PublicPort>(port), [Text.Parse<VmEndpoint>("vm2:53")]);
            await HappensAsync(
                new ChangeProposed(number, $"expose vm2:53 on {port}", null, [opened], "", new Approvals(0, "")),
                new ChangeAccepted(number, new Revision(number)),
                opened,
                new ChangeApplied(number, new Revision(number), "", ImmutableSortedDictionary<string, int>.Empty, [])
            );
        }
    }

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        await _log.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("who opened 20005", "udp 20005 · all history · 1 lifetime", "  open ")]
    [InlineData("why is 20005 open", "udp 20005 · open now · all history · 1 lifetime", "  open ")]
    [InlineData("history 20005", "udp 20005 · all history · 1 lifetime", "#1 by operator")]
    [InlineData("history 20005/tcp", "tcp 20005 was never open", "audit 20005/tcp")]
    [InlineData("who opened 20006", "port 20006 · all history · 2 lifetimes", "udp 20006  -> vm2:53", "tcp 20006  -> vm2:53")]
    [InlineData("why is 20006 open", "port 20006 · open now · all history · 2 lifetimes", "udp 20006", "tcp 20006")]
    [InlineData("history 20006/udp", "udp 20006 · all history · 1 lifetime", "#3 by operator")]
    [InlineData("who opened 20007", "port 20007 was never open", "audit 20007")]
    [InlineData("audit 20005", "audit · 20005 · all history · ", "open udp 20005 -> vm2:53")]
    [InlineData("audit port 20005 opened", "audit · 20005 · opened · all history · 1 line", "#1    applied")]
    [InlineData("audit 20006 opened", "audit · 20006 · opened · all history · 2 lines", "#2    applied", "#3    applied")]
    [InlineData("audit 20006/tcp opened", "audit · 20006/tcp · opened · all history · 1 line", "#2    applied")]
    [InlineData("when was 20005 opened", "audit · the newest · 20005 · opened · ", "#1    applied")]
    [InlineData("stats 20005", "stats · udp 20005 -> vm2:53")]
    [InlineData("stats 20006", "stats · tcp 20006 -> vm2:53; udp 20006 -> vm2:53", "  tcp 20006\n", "  udp 20006")]
    [InlineData("stats 20006/tcp", "stats · tcp 20006 -> vm2:53\n")]
    public async Task It_is_answered_of_either(string question, string beginning, params string[] also)
    {
        ChatMessage? said = null;
        await Core.Conversation.HandleAsync(new ChatLine($"line:{++_lines}", Given.Operator, question, null, m => said = m), default);
        Assert.StartsWith(beginning, said!.Text, StringComparison.Ordinal);
        Assert.All(also, text => Assert.Contains(text, said.Text, StringComparison.Ordinal));
    }

    private Task HappensAsync(params GatewayEvent[] events) =>
        Core.Ledger.DecideAsync(
            Given.Gateway().Name,
            new Origin($"test:{++_lines}", Given.Operator.Actor),
            _ => new Decision.Accepted([.. events]),
            default
        );
}
