namespace ChatOps.Gateway.Checking;

/// <summary>udprelay.conf: public ports of UDP that the gateway's own relay carries, each with the VMs' ports that it leads to.</summary>
internal static class UdpRelayFile
{
    public static Format Format { get; } =
        new(
            "udprelay.conf",
            new Section(
                "",
                """
                listen 0.0.0.0:{port}
                listen [::]:{port}
                to {backend}
                """
            ),
            declared => new Ports(declared)
        );

    /// <summary>Each port is in the lists, once, and leads to what they say.</summary>
    private sealed class Ports(Declared declared) : Examiner
    {
        private readonly HashSet<(int, int)> _had = [];
        private (int Family, int Port)? _listen;
        private bool _leads;

        public override string? Look(Statement statement)
        {
            if (statement.Text == "to {backend}")
            {
                _leads = true;
                return _listen is var (family, port)
                    ? declared.WhyNotLead("udprelay", Protocol.Udp, family, port, statement[0].Socket)
                    : "should come after a line: listen ANY:PORT";
            }

            if (End() is { } why)
                return why;
            var listen = (Family: statement.Text.StartsWith("listen 0", StringComparison.Ordinal) ? 4 : 6, Port: statement[0].Number);
            (_listen, _leads) = (listen, false);
            return _had.Add(listen)
                ? declared.WhyNotListen("udprelay", Protocol.Udp, listen.Family, listen.Port)
                : $"{listen.Port} is there twice";
        }

        public override string? End() => _listen is var (_, port) && !_leads ? $"{port} leads nowhere" : null;
    }
}
