using ChatOps.Core.Domain.Authority;
using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Language.Commands;
using ChatOps.Core.Language.Words;
using CsCheck;

namespace ChatOps.Specs.Changes;

/// <summary>
/// What is offered after a "no" is a line that works as it stands, speaks of nothing that nobody has spoken of, and forgets nothing that
/// the line said.
/// </summary>
public sealed class RefusedNextProperty
{
    private static readonly Gen<string> Tail = OneOf(
        "",
        " from 203.0.113.0/24",
        " for 2h",
        " until friday",
        " because \"the shop opens\"",
        " from 203.0.113.0/24 for 2h because \"the shop opens\"",
        " proxy-protocol v2 from 2001:db8::/32",
        " tls example",
        " tls example grpc",
        " passthrough",
        " grpc for 1d",
        " h2c",
        " tls example h2c grpc",
        " h2c passthrough for 2h",
        " udp for 3h",
        " tls example passthrough until tomorrow 18:00"
    );

    private static readonly Gen<string> Port = OneOf(
        "80",
        "8080",
        "81",
        "443",
        "22",
        "51820",
        "9651",
        "app.example.com",
        "app.example.com/api",
        "8080-8082",
        "80,81,82"
    );

    private static readonly Gen<string> Line = Gen.OneOf(
        Gen.Select(Gen.Int[1, 5], Port, Tail, (vm, port, tail) =>
            $"expose vm{vm}:{(port.Contains('-', StringComparison.Ordinal) || port.Contains(',', StringComparison.Ordinal) ? "7000-7002" : "8080")} on {port}{tail}"
        ),
        Gen.Select(Gen.Int[1, 5], Gen.Int[1, 5], Tail, (vm, other, tail) => $"expose vm{vm}:8080,vm{other}:8080 on 80{tail}"),
        Gen.Select(OneOf("expose vmm2:8080 on 80", "expose vm22:8080 on 80-82", "expose vm22:8080-8082 on 80-82"), Tail, (line, tail) =>
            line + tail
        ),
        Gen.Select(
            Gen.Int[1, 5],
            OneOf("dns", "postgres", "sftp", "sip"),
            OneOf("", " on 5433", " from 203.0.113.0/24 for 2h because \"the shop opens\"", " tls example"),
            (vm, service, tail) => $"expose vm{vm} as {service}{tail}"
        ),
        Gen.Select(Gen.Int[79, 83], OneOf("", " because \"too old\""), (port, tail) => $"unexpose {port}{tail}"),
        Gen.Select(Gen.Int[1, 9], change => $"extend {change} for 1h"),
        Gen.Select(Gen.Int[1, 9], change => $"undo {change} because \"it was wrong\""),
        Gen.Select(Gen.Int[1, 9], revision => $"rollback to {revision}"),
        Gen.Select(Gen.Int[1, 6], Gen.Int[1, 9], (vm, host) => $"vm add vm{vm} 400::{host} because \"new\""),
        Gen.Select(Gen.Int[1, 6], Gen.Int[1, 9], (vm, host) => $"vm change vm{vm} 400::{host}"),
        Gen.Select(Gen.Int[1, 6], vm => $"vm remove vm{vm}"),
        Gen.Select(Gen.Int[1, 6], Gen.Int[1, 6], (vm, to) => $"vm rename vm{vm} vm{to}"),
        Gen.Select(Gen.Int[1, 3], Gen.Int[1, 9], (vm, host) => $"map 203.0.113.1{host} to vm{vm}"),
        Gen.Select(Gen.Int[1, 6], vm => $"allow vm{vm} out"),
        Gen.Select(Gen.Int[79, 83], Gen.Int[1, 3], (port, rate) => $"limit {port} to {rate}/second"),
        Gen.Select(Gen.Int[79, 83], port => $"remove limit {port}"),
        Gen.Select(Gen.Int[2, 5], Gen.Int[5, 8], (peer, host) =>
            $"peer add p{peer} {KeyOf(host)} 10.1.0.{host} routes 192.168.{host}.0/24"
        ),
        Gen.Select(Gen.Int[2, 5], Gen.Int[5, 20], (peer, key) => $"peer rotate p{peer} {KeyOf(key)}"),
        Gen.Select(Gen.Int[2, 5], peer => $"peer remove p{peer}"),
        Gen.Select(Gen.Int[2, 5], Gen.Int[2, 5], (peer, to) => $"peer rename p{peer} p{to}"),
        Gen.Select(Gen.Int[1, 6], Gen.Int[12, 14], (vm, host) => $"snat vm{vm} from 203.0.113.{host}"),
        Gen.Select(Gen.Int[1, 9], change => $"approve {change}"),
        Gen.Select(Gen.Int[1, 9], change => $"deny {change} because \"not now\""),
        Gen.Select(Gen.Int[1, 9], change => $"withdraw {change}")
    );

    private static readonly Gen<Speaker> Speakers = OneOf(Given.Operator, Given.Operator, Given.Approver, Given.Admin, Given.Viewer);

    [Fact]
    public void What_is_offered_works_and_is_made_of_what_there_is() =>
        Gen.Select(Line.List[0, 20], Gen.Select(Speakers, Line).List[1, 6])
            .Sample(
                (before, said) =>
                {
                    var given = Given.AGateway();
                    foreach (var line in before)
                        Try(given, line);
                    foreach (var (speaker, line) in said)
                    {
                        if (Parser.Parse(line) is ParseResult.Understood && given.When(speaker, line).Refusal is { } refusal)
                            Assert.All(refusal.Next, next => Check(given, line, next));
                    }
                },
                iter: 3000
            );

    [Theory]
    [InlineData("expose database:8080 on 81 from 203.0.113.0/24 for 2h because \"x\"", "help vm add", "vms")]
    [InlineData(
        "expose vm22:8080 on 81 from 203.0.113.0/24 for 2h because \"x\"",
        "expose vm2:8080 on 81 from 203.0.113.0/24 for 2h because \"x\""
    )]
    [InlineData("expose vm22:8080-8082 on 81-83 until friday", "expose vm2:8080-8082 on 81-83 until friday")]
    [InlineData(
        "expose vm2:8080 on 80 from 203.0.113.0/24 for 2h because \"x\"",
        "unexpose 80",
        "expose vm2:8080 on 8080 from 203.0.113.0/24 for 2h because \"x\""
    )]
    [InlineData("expose vm2:80 on 80", "unexpose 80", "list")]
    [InlineData("expose vm2:8080-8082 on 80-82", "unexpose 80", "list")]
    [InlineData("expose vm2:8080 on 81 passthrough from 203.0.113.0/24 for 2h", "expose vm2:8080 on 81 from 203.0.113.0/24 for 2h")]
    [InlineData(
        "expose vm2:8080,vm3:8080 on app.example.com/api passthrough from 203.0.113.0/24",
        "expose vm2:8080,vm3:8080 on app.example.com from 203.0.113.0/24 passthrough"
    )]
    public void A_line_is_offered_with_all_that_was_typed(string line, params string[] next) =>
        Assert.Equal(next, Given.AGateway().Applied("expose vm3:8080 on 80").When(Given.Operator, line).Refusal!.Next);

    private static void Check(Given given, string line, string next)
    {
        var read = Parser.Parse(next);
        Assert.True(read is ParseResult.Understood { Meant: null }, $"{line} -> {next}");
        var there = $"{line} {There(given)}";
        var foreign = Tokens
            .Split(next)!
            .Value.Where(t => t.Quoted || t.Text.Any(c => char.IsAsciiDigit(c) || c is '.' or ':'))
            .SelectMany(t => t.Text.Split(':', ' ', '/', ',', '-'))
            .Where(t => !there.Contains(t, StringComparison.Ordinal));
        Assert.True(!foreign.Any(), $"{line} -> {next}: {string.Join(' ', foreign)}");
        if (
            Parser.Parse(line) is ParseResult.Understood { Command: Expose typed }
            && read is ParseResult.Understood { Command: Expose offered }
        )
        {
            Assert.True(
                (typed.Options.From, typed.Stays, typed.Reason) == (offered.Options.From, offered.Stays, offered.Reason),
                $"{line} -> {next}"
            );
            Assert.True(
                typed.Endpoints.Length == offered.Endpoints.Length && typed.Targets.Length == offered.Targets.Length,
                $"{line} -> {next}"
            );
        }
    }

    // Everything that can be spoken of: what is, what was, which undo brings back, what waits, what every change has said, and the usual
    // ports of services.
    private static string There(Given given) =>
        string.Join(
            ' ',
            EdgeDifference
                .Between(Edge.Empty, given.State.Running, 0)
                .Concat(given.State.Changes.Values.SelectMany(c => c.Effects))
                .Concat(given.State.Revisions.SelectMany(r => r.Value.Vms.Values).Select(v => new VmAdded(0, v.Name, v.Addresses)))
                .Distinct()
                .Select(e => CanonicalJson.Write(EventTypes.ToJson(e)))
                .Concat(given.State.Changes.Values.Select(c => $"{c.Number} {c.Line} {c.Reason}"))
                .Concat(given.State.Revisions.Select(r => $"{r.Key}"))
                .Append("53 5432 22 2222 5060")
        );

    private static void Try(Given given, string line)
    {
        if (Parser.Parse(line) is not ParseResult.Understood { Command: ChangeCommand })
            return;
        var number = given.State.NextNumber;
        given.When(Given.Operator, line);
        if (given.State.NextNumber > number && given.State.NextNumber % 4 != 0)
            given.When(Given.Approver, $"approve {number}").Applied();
    }

    private static Gen<T> OneOf<T>(params T[] all) => Gen.Int[0, all.Length - 1].Select(i => all[i]);

    private static string KeyOf(int number)
    {
        var bytes = new byte[32];
        bytes[0] = (byte)number;
        return Convert.ToBase64String(bytes);
    }
}
