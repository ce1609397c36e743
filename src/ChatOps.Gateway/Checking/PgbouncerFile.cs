namespace ChatOps.Gateway.Checking;

/// <summary>pgbouncer.ini: PostgreSQL of VMs. Who may log in is in a file of the gateway's own.</summary>
internal static class PgbouncerFile
{
    /// <summary>Its statements.</summary>
    public static Format Format { get; } =
        new(
            "pgbouncer.ini",
            new Section(
                "",
                "",
                ("[databases]", new Section("[databases]", "{database} = host={target} port={port}") { HasBraces = false }),
                (
                    "[pgbouncer]",
                    new Section(
                        "[pgbouncer]",
                        """
                        listen_addr = {addresses}
                        listen_port = {port}
                        unix_socket_dir =
                        client_tls_sslmode = require
                        client_tls_cert_file = /run/chatops-pgbouncer/{certificate}.crt
                        client_tls_key_file = /run/chatops-pgbouncer/{certificate}.key
                        client_tls_ca_file = /run/chatops-pgbouncer/{certificate}.crt
                        auth_type = scram-sha-256
                        auth_file = /run/chatops-pgbouncer/users.txt
                        pool_mode = session
                        pool_mode = transaction
                        max_client_conn = {number}
                        default_pool_size = {number}
                        query_wait_timeout = {number}
                        ignore_startup_parameters = {parameters}
                        log_connections = 0
                        log_disconnections = 0
                        server_tls_sslmode = prefer
                        """
                    )
                    {
                        HasBraces = false,
                    }
                )
            ),
            declared => new Databases(declared),
            ';'
        )
        {
            Needs =
            [
                .. Checking.Format.Always("listen_addr = {addresses}", "unix_socket_dir =", "auth_type = scram-sha-256", "auth_file = /run/chatops-pgbouncer/users.txt"),
                // One of these alone has it read files of the system's: authorities, for one.
                .. Checking.Format.Together(
                    "client_tls_sslmode = require",
                    "client_tls_cert_file = /run/chatops-pgbouncer/{certificate}.crt",
                    "client_tls_key_file = /run/chatops-pgbouncer/{certificate}.key",
                    "client_tls_ca_file = /run/chatops-pgbouncer/{certificate}.crt"
                ),
            ],
        };

    /// <summary>One port, which is in the lists with every server, and every setting once.</summary>
    private sealed class Databases(Declared declared) : Examiner
    {
        private readonly List<(int Line, (Ip Address, int Port) Target)> _servers = [];
        private readonly HashSet<string> _said = [];
        private int _port;

        public override string? Look(Statement statement)
        {
            switch (statement.Text)
            {
                case "listen_port = {port}" when _port > 0:
                    return "there is a listen_port already";
                case "listen_port = {port}":
                    _port = statement[0].Number;
                    return declared.WhyNotListen("pgbouncer", Protocol.Tcp, _port);
                case "{database} = host={target} port={port}":
                    _servers.Add((statement.Line, (statement[1].Address, statement[2].Number)));
                    return null;
                default:
                    // Where a section begins again, pgbouncer forgets what it has said before.
                    return _said.Add(statement.Text) ? null : $"{statement.Text} is there already";
            }
        }

        public override string? End()
        {
            if (_port == 0)
                return "should say: listen_port = PORT";
            foreach (var (line, target) in _servers)
            {
                if (declared.WhyNotLead("pgbouncer", Protocol.Tcp, _port, target) is { } why)
                    return $"line {line}: {why}";
            }

            return null;
        }
    }

    // Which of its addresses kamailio listens on is the gateway's own matter; the VM's own calls go out over the one inside.
}
