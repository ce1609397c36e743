using ChatOps.Core.Language.Commands;
using CsCheck;

namespace ChatOps.Specs.Commands;

public sealed class ParserSpecs
{
    private static readonly string[] Words =
    [
        "expose",
        "unexpose",
        "vm",
        "add",
        "vm2:8080",
        "on",
        "80",
        "\"",
        "'",
        "because",
        "at",
        "plan",
        "help",
        "audit",
        "#",
        "history",
        "export",
        "as",
        "csv",
        "since",
        "sinse",
        "between",
        "and",
        "2026-11-01",
        "9999-12-31",
        "14:00",
        "7d",
        "by",
        "text",
        "status",
        "who",
        "opened",
        "\u001b",
        "\ud800",
    ];

    public static TheoryData<string> Examples => [.. Catalogue.All.SelectMany(s => s.Examples)];

    [Theory]
    [MemberData(nameof(Examples))]
    public void Every_example_in_the_catalogue_is_understood(string line) => Assert.IsType<ParseResult.Understood>(Parser.Parse(line));

    [Theory]
    [InlineData("expose vm2:5353 on 53 udp", "expose vm2:5353 on 53/udp")]
    [InlineData("EXPOSE VM2:5353 ON 53/udp", "expose vm2:5353 on 53/udp")]
    [InlineData("  expose   vm2:8080  on 80  because launch of the shop ", "expose vm2:8080 on 80")]
    [InlineData("unexpose 53 udp", "unexpose 53/udp")]
    [InlineData("expose vm1:9000-9009 on 19000-19009 for 2h", "expose vm1:9000-9009 on 19000-19009 for 2h")]
    [InlineData("expose vm2:80,443 on 80,443", "expose vm2:80,vm2:443 on 80,443")]
    [InlineData(
        "expose vm2:8080 on App.Example.com/api/ tls EXAMPLE from 2001:db8::/32,203.0.113.0/24",
        "expose vm2:8080 on app.example.com/api from 203.0.113.0/24,2001:db8::/32 tls example"
    )]
    [InlineData(
        "expose vm2:7000,vm3:7000 on 7000 balanced proxy-protocol until 18:00",
        "expose vm2:7000,vm3:7000 on 7000 proxy-protocol until 18:00"
    )]
    [InlineData(
        "expose vm2:8443 on app.example.com PASSTHROUGH from 203.0.113.0/24",
        "expose vm2:8443 on app.example.com from 203.0.113.0/24 passthrough"
    )]
    [InlineData(
        "expose vm2:7000 on 7000 proxy-protocol V2 from 203.0.113.0/24",
        "expose vm2:7000 on 7000 from 203.0.113.0/24 proxy-protocol v2"
    )]
    [InlineData("expose vm2:7000 on 7000 proxy-protocol v1", "expose vm2:7000 on 7000 proxy-protocol")]
    [InlineData("expose vm2:50051 on app.example.com grpc tls example", "expose vm2:50051 on app.example.com tls example grpc")]
    [InlineData("expose vm2:8080 on app.example.com H2C tls example", "expose vm2:8080 on app.example.com tls example h2c")]
    [InlineData("expose vm2 as SFTP on 2200", "expose vm2 as sftp on 2200")]
    [InlineData("expose vm2:53 as dns", "expose vm2:53 as dns")]
    [InlineData("peer add office routes fd77::/64,192.168.77.0/24", "peer add office routes 192.168.77.0/24,fd77::/64")]
    [InlineData(
        "expose vm1 tls EXAMPLE ignoring search_path,options as postgres",
        "expose vm1 tls example as postgres ignoring options,search_path"
    )]
    [InlineData("allow 198.51.100.0/24 to 22", "allow 198.51.100.0/24 to 22")]
    [InlineData("ALLOW vm1 OUT", "allow vm1 out")]
    [InlineData("snat vm1 from 203.0.113.12-203.0.113.13:30000-40000", "snat vm1 from 203.0.113.12-203.0.113.13:30000-40000")]
    [InlineData("remove Limit 80 because it is quiet", "remove limit 80")]
    [InlineData("limit 80 to 100/sec", "limit 80 to 100/second for each")]
    [InlineData("limit 53/udp to 5/m FOR each at gw1 because noisy", "limit 53/udp to 5/minute for each")]
    [InlineData("limit 80 to 100/second for ALL", "limit 80 to 100/second for all")]
    [InlineData("remove limit 80 to 100/second for all", "remove limit 80 to 100/second for all")]
    [InlineData("extend 12 until 2026-12-01T09:00", "extend 12 until 2026-12-01T09:00")]
    [InlineData("rollback to 7 at gw1", "rollback to 7")]
    [InlineData("peer add laptop 10.1.0.9", "peer add laptop 10.1.0.9")]
    [InlineData("vm add vm1 10.1.0.2,400::2", "vm add vm1 10.1.0.2,400::2")]
    public void Lines_have_one_canonical_form(string line, string canonical) =>
        Assert.Equal(canonical, Assert.IsAssignableFrom<ChangeCommand>(Understood(line)).Line);

    [Theory]
    [InlineData("bücher.example.com", "xn--bcher-kva.example.com")]
    [InlineData("BÜCHER.example.com/api", "xn--bcher-kva.example.com/api")]
    [InlineData("app.example.com.", "app.example.com")]
    [InlineData("http://app.example.com/", "app.example.com")]
    public void A_host_name_is_taken_as_people_have_it(string typed, string host) =>
        Assert.Equal($"expose vm2:8080 on {host}", Assert.IsAssignableFrom<ChangeCommand>(Understood($"expose vm2:8080 on {typed}")).Line);

    [Theory]
    [InlineData("expose vm2:8080 on 80 because \"launch at 9\"", "launch at 9")]
    [InlineData("expose vm2:8080 on 80 because launch at 9", "launch at 9")]
    [InlineData("expose vm2:8080 on 80 because “launch”", "launch")]
    [InlineData("expose vm2:8080 on 80 because 'it is \"urgent\"'", "it is \"urgent\"")]
    [InlineData("expose vm2:8080 on 80 because \"a\u001b[31mred\u0007 \u202etxt\"", "a [31mred   txt")]
    public void Reasons_are_kept_and_made_harmless(string line, string reason) =>
        Assert.Equal(reason, Assert.IsAssignableFrom<ChangeCommand>(Understood(line)).Reason);

    [Theory]
    [InlineData("expsoe vm2:8080 on 81", "no command \"expsoe\". Did you mean: expose vm2:8080 on 81", "expose vm2:8080 on 81")]
    [InlineData("vm ad vm2 400::2", "no command \"vm ad\". Did you mean: vm add vm2 400::2", "vm add vm2 400::2")]
    [InlineData("peeer add", "no command \"peeer add\". Did you mean: peer add", "help peer add")]
    [InlineData("hepl", "no command \"hepl\". Did you mean: help", "help")]
    [InlineData("frobnicate", "no command \"frobnicate\".", "help")]
    [InlineData("expose", "expose: expected VM:PORT[,VM:PORT...] after \"expose\".", "help expose")]
    [InlineData("expose vm2:8080 eighty", "expose: expected \"on\" instead of \"eighty\".", null)]
    [InlineData("expose vm2:8080 on 0", "0 is not a port (1 to 65535, with /udp for UDP), a range, or a host name.", null)]
    [InlineData("expose vm2:8080 on 65536", "65536 is not a port (1 to 65535, with /udp for UDP), a range, or a host name.", null)]
    [InlineData("expose vm2:x on 80", "vm2:x is not a VM and its port, such as vm2:8080 (several with commas between them).", null)]
    [InlineData("expose vm2:8080 on 80 beacuse \"x\"", "expose: \"beacuse\" is not expected here. Did you mean \"because\"?", null)]
    [InlineData(
        "expose vm2:8080 on 80 because \"x",
        "a quote in this line does not end: the same quote mark stands at both ends of a text.",
        "help"
    )]
    [InlineData("allow vm1 at", "allow: expected \"out\" instead of \"at\".", null)]
    [InlineData(
        "allow 198.51.100.7/24 to 22",
        "198.51.100.7/24 is not a network or an address, such as 198.51.100.0/24 or 203.0.113.66.",
        null
    )]
    [InlineData("expose vm2:8080 on 80 for 2h until 18:00", "expose: either \"for\" or \"until\", not both.", null)]
    [InlineData("limit 80 to 100/day", "100/day is not a rate, such as 100/second, 30/minute or 10/hour.", null)]
    [InlineData("limit 80 to 100/second for 2h", "2h is not each (every source by itself) or all (all sources together).", null)]
    [InlineData(
        "limit 80 to 100/second for al",
        "al is not each (every source by itself) or all (all sources together). Did you mean all?",
        null
    )]
    [InlineData("extend 12", "extend: expected for TIME at the end.", null)]
    [InlineData("deny 12", "deny: expected because \"WHY\" at the end.", "help deny")]
    [InlineData("approve twelve", "twelve is not the number of a change, such as 12 or gw1#12.", null)]
    [InlineData(
        "audit since soon",
        "audit: soon is not a time, such as 7d, 14:00, yesterday, monday, last week, 2026-11-01 or 2026-11-01 14:00.",
        "help audit"
    )]
    [InlineData("plan status", "status is not a command that changes something, such as expose vm2:8080 on 80.", null)]
    [InlineData("plan expose vm2:8080 on 0", "0 is not a port (1 to 65535, with /udp for UDP), a range, or a host name.", null)]
    [InlineData("vm add vm2 fe80::1", "fe80::1 is not an IPv4 or IPv6 address of one machine (several with commas between them).", null)]
    [InlineData(
        "vm add vm2 010.0.0.1",
        "010.0.0.1 is not an IPv4 or IPv6 address of one machine (several with commas between them).",
        null
    )]
    [InlineData(
        "vm add vm2 [400::2]:8080",
        "[400::2]:8080 is not an IPv4 or IPv6 address of one machine (several with commas between them).",
        null
    )]
    [InlineData("vm add vm2 [400::2]", "[400::2] is not an IPv4 or IPv6 address of one machine (several with commas between them).", null)]
    [InlineData(
        "vm add vm2 ::10.1.0.2",
        "::10.1.0.2 is not an IPv4 or IPv6 address of one machine (several with commas between them).",
        null
    )]
    [InlineData(
        "block [2001:db8::66]:443",
        "[2001:db8::66]:443 is not a network or an address, such as 198.51.100.0/24 or 203.0.113.66.",
        null
    )]
    [InlineData(
        "block [2001:db8::]:99999/32",
        "[2001:db8::]:99999/32 is not a network or an address, such as 198.51.100.0/24 or 203.0.113.66.",
        null
    )]
    [InlineData(
        "expose vm2:8080 on https://app.example.com",
        "https://app.example.com wants a certificate, which has a name here: on app.example.com tls NAME. Without one it is plain HTTP: on app.example.com.",
        "help expose"
    )]
    [InlineData(
        "expose vm2:7000 on 7000 proxy-protocol v3",
        "v3 is no version of the PROXY protocol: v1 is a line of text, as without a word, and v2 is binary.",
        "help expose"
    )]
    [InlineData(
        "expose vm1 as postgres ignoring search_path;x",
        "search_path;x is not names of parameters in small letters, such as options,search_path.",
        null
    )]
    [InlineData(
        "peer add laptop notakey 10.1.0.9",
        "notakey is not a WireGuard public key (44 characters of base64, from wg pubkey).",
        null
    )]
    public void A_wrong_line_gets_a_sentence(string line, string sentence, string? next)
    {
        var refusal = Assert.IsType<ParseResult.NotUnderstood>(Parser.Parse(line)).Refusal;
        Assert.Equal(sentence, refusal.Sentence.Split(" Usage: ")[0]);
        Assert.NotEmpty(refusal.Next);
        if (next is not null)
            Assert.Equal(next, refusal.Next[0]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("# a comment")]
    public void Nothing_is_said_to_empty_lines_and_comments(string line) => Assert.IsType<ParseResult.Ignored>(Parser.Parse(line));

    [Fact]
    public void The_parser_never_throws() =>
        Gen.OneOf(Gen.String, Gen.Int[0, Words.Length - 1].List[0, 12].Select(w => string.Join(' ', w.Select(i => Words[i]))))
            .Sample(line => Assert.NotNull(Parser.Parse(line)), iter: 20000);

    [Fact]
    public void A_canonical_line_means_the_same_command() =>
        Assert.All(Catalogue.All.SelectMany(s => s.Examples).Select(Understood).OfType<ChangeCommand>(), command =>
            Assert.Equal(command.Line, ((ChangeCommand)Understood(command.Line)).Line)
        );

    private static Command Understood(string line) => Assert.IsType<ParseResult.Understood>(Parser.Parse(line)).Command;
}
