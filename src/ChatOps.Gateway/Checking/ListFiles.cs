namespace ChatOps.Gateway.Checking;

/// <summary>sysctl.conf, wg0.conf, and what a bundle says of itself besides exposures and listeners.</summary>
internal static class ListFiles
{
    /// <summary>
    /// sysctl.conf: that this machine passes packets on, and how long it waits for who has vanished. Nothing else of the kernel is ours to
    /// set.
    /// </summary>
    public static Format Sysctl { get; } =
        new(
            "sysctl.conf",
            new Section(
                "",
                """
                net.ipv4.ip_forward={fewer}
                net.ipv6.conf.all.forwarding={fewer}
                net.ipv6.conf.all.accept_ra={fewer}
                net.ipv6.conf.default.accept_ra={fewer}
                net.ipv4.tcp_keepalive_time={number}
                net.ipv4.tcp_keepalive_intvl={number}
                net.ipv4.tcp_keepalive_probes={number}
                net.ipv4.tcp_retries2={number}
                net.netfilter.nf_conntrack_tcp_loose={fewer}
                net.netfilter.nf_conntrack_udp_timeout={number}
                net.netfilter.nf_conntrack_udp_timeout_stream={number}
                """
            ),
            _ => new Examiner()
        );

    /// <summary>wg0.conf as it is delivered: one interface, whose key stays here, and peers of one address a family, with private networks
    /// behind them. No command, no route of ours, no key but public ones.</summary>
    public static Format WireGuard { get; } =
        new(
            "wg0.conf",
            new Section(
                "",
                "",
                (
                    "[Interface]",
                    new Section(
                        "[Interface]",
                        $$"""
                        Address = {place}
                        ListenPort = {port}
                        {{WireGuardFile.Placeholder}}
                        """
                    )
                    {
                        HasBraces = false,
                    }
                ),
                (
                    "[Peer]",
                    new Section(
                        "[Peer]",
                        $$"""
                        PublicKey = {key}
                        {{SecretsFile.Placeholder}}
                        AllowedIPs = {behind}
                        """
                    )
                    {
                        HasBraces = false,
                    }
                )
            ),
            declared => new Keys(declared)
        );

    /// <summary>addresses: public addresses that the gateway holds besides its first ones.</summary>
    public static Format Addresses { get; } =
        new(
            "addresses",
            new Section(
                "",
                """
                {public}
                {public} {interface}
                """
            ),
            _ => new EachOnce()
        );

    /// <summary>rules: what lets flows in and out besides exposures.</summary>
    public static Format Rules { get; } =
        new(
            "rules",
            new Section(
                "",
                """
                block {net}
                admit {protocol} {port} {net}
                egress {ip}
                map {public} {target}
                snat {ip} {public} {public}
                """
            ),
            _ => new Examiner()
        );

    /// <summary>lifetimes: when what is open for a time ends: at a UNIX time, or so many seconds after the confirm.</summary>
    public static Format Lifetimes { get; } =
        new(
            "lifetimes",
            new Section(
                "",
                """
                {protocol} {port} {moment}
                web {ending} {moment}
                web {ending} {moment} {target} {port}
                """
            ),
            _ => new Examiner()
        );

    private sealed class Keys(Declared declared) : Examiner
    {
        private readonly HashSet<string> _peers = [];
        private readonly HashSet<string> _preshared = [];
        private int _keys;

        // Whose section it is; null before it says so.
        private string? _peer;

        public override string? Look(Statement statement)
        {
            switch (statement.Text)
            {
                case WireGuardFile.Placeholder:
                    _keys++;
                    return null;
                case "[Peer]":
                    _peer = null;
                    return null;
                case "PublicKey = {key}":
                    if (_peer is not null)
                        return "this peer has a key already";
                    _peer = statement[0].Word;
                    return _peers.Add(_peer) ? null : "there is a peer with this key already";
                case SecretsFile.Placeholder:
                    return _peer is null ? "should come after a line: PublicKey = KEY"
                        : !_preshared.Add(_peer) ? "this peer has a preshared key already"
                        : declared.Sealed?.Contains(_peer) is false ? $"secrets has none of {_peer}"
                        : null;
                default:
                    return null;
            }
        }

        public override string? End() => _keys == 1 ? null : $"should have exactly one line {WireGuardFile.Placeholder}";
    }

    private sealed class EachOnce : Examiner
    {
        private readonly HashSet<string> _had = [];

        public override string? Look(Statement statement) =>
            _had.Add($"{statement[0].Address}") ? null : $"{statement[0].Address} is there twice";
    }
}
