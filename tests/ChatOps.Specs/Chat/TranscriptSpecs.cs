using System.Collections.Immutable;
using System.Text.RegularExpressions;
using ChatOps.Bot.Configuration;
using ChatOps.Bot.Hosting;
using ChatOps.Bot.Terminal;
using ChatOps.Core.Application.Ports;
using ChatOps.Core.Domain.Authority;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Specs.Chat;

/// <summary>Whole conversations as they stand on a terminal, word for word.</summary>
public sealed partial class TranscriptSpecs : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly ScriptedGateway _gateway = new();
    private string _policy = Path.Combine(AppContext.BaseDirectory, "policy.json");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public Task Opening_a_port() =>
        MatchAsync(
            "open-a-port.txt",
            0,
            """
            operator: vm add vm2 400::100:0:0:2
            approver: approve 1
            operator: expose vm2:8080 on 80 because "launch of the shop"
            viewer: pending
            approver: approve 2
            show 2
            vms
            operator: unexpose 80
            approver: approve 3
            audit 80
            audit vm2 by approver
            """
        );

    [Fact]
    public Task What_is_open() =>
        MatchAsync(
            "list.txt",
            1,
            """
            list
            operator: vm add vm2 400::100:0:0:2
            approver: approve 1
            operator: vm add vm3 400::100:0:0:3
            approver: approve 2
            operator: expose vm2:8080 on 80 because "launch of the shop"
            approver: approve 3
            operator: expose vm3:9000-9002 on 9000-9002 from 203.0.113.0/24
            approver: approve 4
            list
            list vm2
            list 9001
            operator: expose vm2:53 on 53 udp until 2099-12-31 18:00
            approver: approve 5
            list by operator
            list by approver
            list ending
            list vm9
            list operator
            list at gw1 page 2
            """
        );

    [Fact]
    public Task Refusals() =>
        MatchAsync(
            "refusals.txt",
            1,
            """
            expsoe vm2:8080 on 81
            operator: expose vm2:8080 on 80
            operator: vm add vm2 400::100:0:0:2
            operator: approve 1
            approver: approve 1
            operator: expose vm2:8080 on 99999
            operator: expose vm2:8080 on 22
            operator: expose vm3:8080 on 80
            viewer: expose vm2:8080 on 80
            nobody: status
            approver: approve 9
            admin: expose vm2:8080 on 80
            admin: approve 2
            approver: deny 2 because "wrong machine"
            approver: approve 2
            operator: expose vm2:8080 on 80 at gw9
            audit page 7
            """
        );

    [Fact]
    public Task Consent_of_two_roles_and_a_team_with_vms_of_its_own()
    {
        _policy = _folder.In("policy.json");
        File.WriteAllText(
            _policy,
            """
            {
              "roles": ["security", "team-a"],
              "users": [
                { "id": "operator", "roles": ["operator"] }, { "id": "approver", "roles": ["approver"] }, { "id": "admin", "roles": ["admin"] },
                { "id": "guard", "roles": ["security"] }, { "id": "tina", "roles": ["team-a"] }, { "id": "tom", "roles": ["team-a"] }
              ],
              "rules": [
                { "commands": ["expose"], "vm": "web-*", "who": "team-a", "approvals": [{ "role": "team-a", "count": 1 }] },
                { "commands": ["expose"], "who": "operator", "approvals": [{ "role": "approver", "count": 1 }, { "role": "security", "count": 1 }] }
              ]
            }
            """
        );
        return MatchAsync(
            "roles.txt",
            1,
            """
            operator: vm add vm2 400::100:0:0:2
            guard: approve 1
            approver: approve 1
            operator: vm add web-1 400::100:0:0:3
            approver: approve 2
            operator: plan expose vm2:8080 on 80
            operator: expose vm2:8080 on 80
            approver: approve 3
            admin: pending
            approver: approve 3
            guard: approve 3
            tina: expose vm2:8080 on 81
            tina: expose web-1:8080 on 81
            guard: approve 4
            tom: approve 4
            """
        );
    }

    [Fact]
    public Task Another_name()
    {
        _gateway.WireGuardKey = Text.Parse<WireGuardKey>("5zpVn1D2vgl+TFxFHbdC5fFqWlWaSjWsWdEHJnY3l2s=");
        return MatchAsync(
            "rename.txt",
            1,
            """
            operator: vm add vm2 400::100:0:0:2
            approver: approve 1
            operator: expose vm2:8080 on 80
            approver: approve 2
            operator: expose vm2:8081 on 81
            operator: vm rename vm2 web because "what it is"
            approver: approve 4
            vms
            approver: approve 3
            operator: expose vm2:8082 on 82
            operator: vm add vm2 400::100:0:0:3
            approver: approve 5
            operator: expose vm2:22 on 2222
            approver: approve 6
            operator: unexpose 80
            approver: approve 7
            audit web
            audit vm2
            when was web last opened
            operator: vm rename web vm2
            operator: vm rename vm7 db
            operator: peer add laptop 4zpVn1D2vgl+TFxFHbdC5fFqWlWaSjWsWdEHJnY3l2s=
            approver: approve 8
            operator: peer rename laptop notebook
            approver: approve 9
            operator: peer rotate laptop
            operator: undo 4
            operator: vm remove vm2
            """
        );
    }

    [Fact]
    public Task Help_and_questions() =>
        MatchAsync(
            "help.txt",
            0,
            """
            help
            help expose
            gateways
            vms
            peers
            pending
            plan vm add vm2 400::100:0:0:2
            plan gateway add gw2 203.0.113.20
            """
        );

    [Fact]
    public Task A_failure_says_where_it_stopped_and_what_runs()
    {
        _gateway.NextAnswer = new GatewayAnswer.Refused("validating", "port-held", "tcp 80 is held by dnsmasq (pid 812)", default);
        return MatchAsync("failure.txt", 1, "operator: vm add vm2 400::100:0:0:2\napprover: approve 1\nshow 1\naudit");
    }

    [Fact]
    public Task New_connections_that_fail_take_the_change_back()
    {
        _gateway.NewConnectionsFail = "gw1: no SSH banner within 5 s";
        return MatchAsync("locked-out.txt", 1, "operator: vm add vm2 400::100:0:0:2\napprover: approve 1\nstatus");
    }

    [Fact]
    public async Task A_gateway_out_of_reach_delays_and_loses_nothing()
    {
        _gateway.Unreachable = "gw1 does not answer at 127.0.0.1:2222";
        const string Saved = "#1 is saved and will be applied when gw1 is back.";
        Assert.Contains(
            Saved,
            await SayAsync(1, "operator: vm add vm2 400::100:0:0:2\napprover: approve 1", TimeSpan.FromSeconds(1), until: Saved),
            StringComparison.Ordinal
        );

        // Another process, later: the gateway is back, and the log knows what is unfinished.
        _gateway.Unreachable = null;
        Assert.Matches("#1 +applied", await SayAsync(0, "status\naudit", Patience.Limit));
        Assert.Equal([new Revision(1)], _gateway.Applied);
    }

    private async Task MatchAsync(string name, int code, string lines) => Snapshot.Match(name, await SayAsync(code, lines, Patience.Limit));

    // With words: until they stand there too, because they come some time after the last answer.
    private async Task<string> SayAsync(int code, string lines, TimeSpan settle, string until = "")
    {
        var output = new StringWriter();
        var shared = TextWriter.Synchronized(output);
        var writer = new TerminalWriter(shared, isTerminal: false);
        var policy = PolicyFile.Load(_policy);
        await using var edition = await ScriptedEdition.StartAsync(_folder.In("log.db"), _gateway, policy, writer);
        // What asks for something that the gateway has said, waits for its first word by the clock; and this clock wakes nobody.
        await Eventually.TrueAsync(() => edition.Core.Board.Get(Given.Gateway().Name) is not null);
        using var printing = new CancellationTokenSource();
        ImmutableArray<Speaker> users = [.. policy.Users.Select(u => u with { Zone = TimeZoneInfo.Utc })];
        var admin = users.First(u => u.Actor.Id == "admin");
        var printed = writer.RunAsync(edition.Room, printing.Token, new(edition.Core, users, admin));
        var session = new PipeSession(edition.Core, writer, users, admin, settle);
        Assert.Equal(code, await session.RunAsync(new StringReader(lines), default));
        await Eventually.TrueAsync(() =>
        {
            // A synchronized writer locks itself; it is written to meanwhile.
            lock (shared)
                return output.ToString().Contains(until, StringComparison.Ordinal);
        });
        await printing.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => printed);
        var text = Durations().Replace(Moments().Replace(output.ToString(), "2026-01-01 00:00:00"), "0 ms");
        return CodeLines().Replace(MadeKeys().Replace(text, "${before}(made key)"), "(QR code)\n");
    }

    [GeneratedRegex(@"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")]
    private static partial Regex Moments();

    // Made anew each time: whatever is not the gateway's.
    [GeneratedRegex("(?<before>^|[ +=-])(?!5zpVn1D2vgl)([A-Za-z0-9+/]{107}|[A-Za-z0-9+/]{43})=", RegexOptions.Multiline)]
    private static partial Regex MadeKeys();

    [GeneratedRegex("([█▀▄ ]{40,}\n)+")]
    private static partial Regex CodeLines();

    [GeneratedRegex(@"\b\d+ ms\b")]
    private static partial Regex Durations();
}
