namespace ChatOps.Gateway.Checking;

/// <summary>pgbouncer.ini: PostgreSQL of VMs. Who may log in is in a file of the gateway's own.</summary>
internal static class PgbouncerFile
{
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
                .. Checking.Format.Always(
                    "listen_addr = {addresses}",
                    "unix_socket_dir =",
                    "auth_type = scram-sha-256",
                    "auth_file = /run/chatops-pgbouncer/users.txt"
                ),
                // One of these alone has it read files of the system's: authorities, for one.
                .. Checking.Format.Together(
                    "client_tls_sslmode = require",
                    "client_tls_cert_file = /run/chatops-pgbouncer/{certificate}.crt",
                    "client_tls_key_file = /run/chatops-pgbouncer/{certificate}.key",
                    "client_tls_ca_file = /run/chatops-pgbouncer/{certificate}.crt"
                ),
            ],
        };

    private sealed class Databases(Declared declared) : OnePort(declared, "pgbouncer", "listen_port = PORT", Protocol.Tcp)
    {
        private readonly HashSet<string> _said = [];

        public override string? Look(Statement statement) =>
            statement.Text switch
            {
                "listen_port = {port}" => Listen(statement[0].Number),
                "{database} = host={target} port={port}" => Lead(statement, (statement[1].Address, statement[2].Number)),
                // Where a section begins again, pgbouncer forgets what it has said before.
                var text => _said.Add(text) ? null : $"{text} is there already",
            };
    }
}
