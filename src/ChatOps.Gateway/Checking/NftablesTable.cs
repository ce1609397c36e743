namespace ChatOps.Gateway.Checking;

/// <summary>The table replaces the one that is there; what its elements open and lead to is in the lists.</summary>
internal sealed class NftablesTable(Declared declared) : Examiner
{
    private static readonly string[] Beginning = ["table inet chatops {}", "delete table inet chatops", NftablesFile.Opening];

    // What VMs may never be let out to, whatever else a bundle says.
    private readonly HashSet<string> _outside =
    [
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "224.0.0.0/3",
        "::/3",
        "4000::/2",
        "8000::/1",
    ];

    // Rates by protocol and port.
    private readonly Dictionary<(string, int), (int Rate, string Unit, int Burst)> _limits = [];

    private int _seen;
    private int? _sshPort;
    private int? _wireGuardPort;

    public override string? Look(Statement statement) =>
        statement.Pattern is null
            ? null
            : statement.Section.Name switch
            {
                "" => Begin(statement.Text),
                "map dnat4" => Dnat(statement, 4),
                "map dnat6" => Dnat(statement, 6),
                "set proxied4" => declared.WhyNotProxied(ProtocolOf(statement), 4, statement[1].Number),
                "set proxied6" => declared.WhyNotProxied(ProtocolOf(statement), 6, statement[1].Number),
                "set relayed4" => declared.WhyNotRelayed(ProtocolOf(statement), 4, statement[1].Number),
                "chain prerouting" when statement.Text.EndsWith("redirect to :{port}", StringComparison.Ordinal) => declared.WhyNotRelay(
                    statement[0].Number
                ),
                "chain input" when statement.Text == "ct status dnat tcp dport {port} accept" => declared.WhyNotRelay(statement[0].Number),
                "set limited" when statement.Text.StartsWith("{protocol}", StringComparison.Ordinal) => Limit(statement),
                "chain sources" => Source(statement),
                "set allowed4" or "set allowed6" => declared.WhyNotRule(
                    $"admit {statement[0].Word} {statement[1].Number} {statement[2].Network}"
                ),
                "map mapped_in4" or "map mapped_in6" => declared.WhyNotRule($"map {statement[0].Address} {statement[1].Address}"),
                "map mapped_out4" or "map mapped_out6" => declared.WhyNotRule($"map {statement[1].Address} {statement[0].Address}"),
                "set egress4" or "set egress6" => declared.WhyNotOut($"{statement[0].Address}"),
                "set inside4" or "set inside6" => Inside(statement[0].Network),
                "chain input" when statement.Text.StartsWith("tcp dport {port}", StringComparison.Ordinal) => OnlyOne(
                    ref _sshPort,
                    statement[0].Number,
                    "TCP"
                ),
                "chain input" when statement.Text.StartsWith("udp dport {port}", StringComparison.Ordinal) => OnlyOne(
                    ref _wireGuardPort,
                    statement[0].Number,
                    "UDP"
                ),
                "chain postrouting" when statement.Text.EndsWith("{pool4}", StringComparison.Ordinal) => Snat(
                    statement,
                    statement[1].Word.Split(':')[0].Split('-')
                ),
                "chain postrouting" when statement.Text.EndsWith("{pool6}", StringComparison.Ordinal) => Snat(
                    statement,
                    [.. statement[1].Word.Split('[', ']').Where((_, i) => i % 2 == 1)]
                ),
                _ => null,
            };

    public override string? End() =>
        _seen < Beginning.Length ? $"should begin with: {string.Join(" / ", Beginning)}"
        : _outside.Count > 0 ? $"the sets inside4 and inside6 should have {string.Join(", ", _outside)}"
        : null;

    // Three lines, in this order, once.
    private string? Begin(string text) =>
        _seen == Beginning.Length ? "only one table may be in the file"
        : text == Beginning[_seen++] ? null
        : $"should begin with: {string.Join(" / ", Beginning)}";

    private string? Dnat(Statement statement, int family) =>
        declared.WhyNotLead("nftables", ProtocolOf(statement), family, statement[1].Number, (statement[2].Address, statement[3].Number));

    private string? Limit(Statement statement)
    {
        var port = (statement[0].Word, statement[1].Number);
        return _limits.TryAdd(port, (statement[2].Number, statement[3].Word, statement[4].Number))
            ? null
            : $"{port.Word} {port.Number} has a rate already";
    }

    // Who finds no room among the sources has the rate of the port: it is the same one.
    private string? Source(Statement statement)
    {
        var unit = SourceRules.UnitOf(statement.Text);
        var (protocol, port, limit) = (statement[0].Word, statement[1].Number, (statement[2].Number, unit, statement[3].Number));
        return _limits.TryGetValue((protocol, port), out var known) && known == limit
            ? null
            : $"set limited does not have: {protocol} . {port} limit rate over {limit.Item1}/{unit} burst {limit.Item3} packets";
    }

    private string? Inside(string network)
    {
        _outside.Remove(network);
        return null;
    }

    // SSH's and WireGuard's are the only ports of this machine that are open without being in the lists.
    private static string? OnlyOne(ref int? open, int port, string protocol)
    {
        open ??= port;
        return open == port ? null : $"only one {protocol} port may be open here, and {open} is";
    }

    private string? Snat(Statement statement, string[] ends) => declared.WhyNotRule($"snat {statement[0].Address} {ends[0]} {ends[^1]}");

    private static Protocol ProtocolOf(Statement statement) => statement[0].Word == "tcp" ? Protocol.Tcp : Protocol.Udp;
}
