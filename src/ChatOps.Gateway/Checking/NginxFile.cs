namespace ChatOps.Gateway.Checking;

/// <summary>
/// nginx.conf: public ports that lead to a VM (stream), and web addresses (http). No file of this machine but certificates by name and what
/// closes a web address; no name that would be looked up; no variable but in these lines.
/// </summary>
internal static class NginxFile
{
    private static readonly Section StreamServer = new(
        "server",
        """
        listen 0.0.0.0:{port} so_keepalive=5m:15s:4;
        listen 0.0.0.0:{port} udp;
        listen [::]:{port} ipv6only=on so_keepalive=5m:15s:4;
        listen [::]:{port} ipv6only=on udp;
        proxy_pass {backend};
        proxy_pass {name};
        proxy_timeout {time};
        """
    );

    private static readonly Section StreamUpstream = new("upstream", "server {backend};");

    private static readonly Section Stream = new(
        "stream",
        """
        proxy_timeout {time};
        proxy_connect_timeout {time};
        proxy_socket_keepalive {switch};
        proxy_half_close {switch};
        """,
        ("server {", StreamServer),
        ("upstream {name} {", StreamUpstream)
    );

    // The file that closes a web address whose time is up says "return 404;".
    private static readonly Section Location = new(
        "location",
        """
        include /run/chatops/ended/{ended};
        allow {net};
        deny all;
        proxy_pass http://{name};
        return 404;
        """
    );

    private static readonly Section WebServer = new(
        "server",
        """
        listen 0.0.0.0:{port};
        listen [::]:{port};
        listen 0.0.0.0:{port} default_server;
        listen [::]:{port} default_server;
        listen 0.0.0.0:{port} ssl http2;
        listen [::]:{port} ssl http2;
        listen 0.0.0.0:{port} ssl http2 default_server;
        listen [::]:{port} ssl http2 default_server;
        server_name {host};
        ssl_certificate /etc/chatops/tls/{certificate}/fullchain.pem;
        ssl_certificate_key /etc/chatops/tls/{certificate}/privkey.pem;
        ssl_reject_handshake on;
        return 404;
        return 308 https://$host$request_uri;
        """,
        ("location {path} {", Location),
        ("location = {path} {", Location)
    );

    private static readonly Section WebUpstream = new(
        "upstream",
        """
        zone {name} {size};
        server {backend} max_fails={number} fail_timeout={time};
        """
    );

    private static readonly Section Upgrades = new(
        "map",
        """
        default upgrade;
        "" close;
        """
    );

    private static readonly Section Http = new(
        "http",
        """
        access_log off;
        server_tokens off;
        server_names_hash_bucket_size {number};
        server_names_hash_max_size {number};
        client_max_body_size {number};
        client_max_body_size {size};
        proxy_request_buffering {switch};
        proxy_max_temp_file_size 0;
        proxy_connect_timeout {time};
        proxy_next_upstream error timeout;
        proxy_next_upstream_tries {number};
        large_client_header_buffers {number} {size};
        proxy_buffer_size {size};
        proxy_buffers {number} {size};
        proxy_buffering {switch};
        client_body_timeout {time};
        send_timeout {time};
        proxy_read_timeout {time};
        proxy_send_timeout {time};
        proxy_socket_keepalive {switch};
        proxy_http_version 1.1;
        proxy_set_header Host $host;
        proxy_set_header X-Real-IP $remote_addr;
        proxy_set_header X-Forwarded-For $remote_addr;
        proxy_set_header X-Forwarded-Host $host;
        proxy_set_header X-Forwarded-Port $server_port;
        proxy_set_header X-Forwarded-Proto $scheme;
        proxy_set_header Forwarded "";
        proxy_set_header X-Forwarded-By "";
        proxy_set_header X-Forwarded-Client-Cert "";
        proxy_set_header X-Forwarded-Email "";
        proxy_set_header X-Forwarded-Groups "";
        proxy_set_header X-Forwarded-Path "";
        proxy_set_header X-Forwarded-Prefix "";
        proxy_set_header X-Forwarded-Preferred-Username "";
        proxy_set_header X-Forwarded-Protocol "";
        proxy_set_header X-Forwarded-Scheme "";
        proxy_set_header X-Forwarded-Server "";
        proxy_set_header X-Forwarded-Ssl "";
        proxy_set_header X-Forwarded-Uri "";
        proxy_set_header X-Forwarded-User "";
        proxy_set_header X-Forwarded "";
        proxy_set_header X-Client-IP "";
        proxy_set_header X-Cluster-Client-IP "";
        proxy_set_header X-Original-Forwarded-For "";
        proxy_set_header X-Original-Host "";
        proxy_set_header X-Original-URL "";
        proxy_set_header X-Original-URI "";
        proxy_set_header X-Rewrite-URL "";
        proxy_set_header X-Remote-Addr "";
        proxy_set_header X-Remote-IP "";
        proxy_set_header X-Remote-User "";
        proxy_set_header X-Url-Scheme "";
        proxy_set_header X-Host "";
        proxy_set_header Front-End-Https "";
        proxy_set_header True-Client-IP "";
        proxy_set_header Client-IP "";
        proxy_set_header CF-Connecting-IP "";
        proxy_set_header Fastly-Client-IP "";
        proxy_set_header Fly-Client-IP "";
        proxy_set_header Remote-User "";
        proxy_set_header Proxy "";
        proxy_set_header Upgrade $http_upgrade;
        proxy_set_header Connection $upgrade_or_not;
        ssl_protocols TLSv1.2 TLSv1.3;
        ssl_protocols TLSv1.3;
        ssl_ciphers {list};
        ssl_prefer_server_ciphers {switch};
        ssl_session_cache shared:tls:{size};
        ssl_session_timeout {time};
        ssl_session_tickets {switch};
        """,
        ("map $http_upgrade $upgrade_or_not {", Upgrades),
        ("upstream {name} {", WebUpstream),
        ("server {", WebServer)
    );

    /// <summary>Its statements.</summary>
    public static Format Format { get; } =
        new(
            "nginx.conf",
            new Section(
                "",
                """
                load_module /usr/lib/nginx/modules/ngx_stream_module.so;
                user www-data;
                worker_processes auto;
                worker_processes {number};
                worker_shutdown_timeout {time};
                """,
                ("events {", new Section("events", "worker_connections {number};")),
                ("stream {", Stream),
                ("http {", Http)
            ),
            declared => new Names(declared)
        )
        {
            Needs = [("", "user www-data;"), ("http {", "access_log off;")],
        };

    /// <summary>Every port that is listened on and every target is in the lists; every name leads to an upstream.</summary>
    private sealed class Names(Declared declared) : Examiner
    {
        private readonly Dictionary<(bool IsWeb, string Name), List<(Ip Address, int Port)>> _upstreams = [];
        private readonly List<(int Line, bool IsWeb, string Name, PortOf[] Ports)> _passed = [];
        private readonly List<PortOf> _ports = [];
        private List<(Ip Address, int Port)> _targets = [];
        private bool _isWeb;
        private (int Line, string Name)? _name;
        private (Ip Address, int Port)? _target;

        private readonly record struct PortOf(Protocol Protocol, int Family, int Port);

        public override string? Look(Statement statement)
        {
            switch (statement.Section.Name, statement.Text)
            {
                case ("", "stream {" or "http {"):
                    _isWeb = statement.Text == "http {";
                    return null;
                case ("stream" or "http", "upstream {name} {"):
                    _targets = [];
                    var name = statement[0].Word;
                    return _upstreams.TryAdd((_isWeb, name), _targets) ? null : $"there is an upstream {name} already";
                case ("upstream", "server {backend};" or "server {backend} max_fails={number} fail_timeout={time};"):
                    _targets.Add(statement[0].Socket);
                    return _isWeb ? WhyNotWeb(statement[0].Socket) : null;
                case ("server", ['l', 'i', 's', ..]):
                    return Listen(statement);
                case ("server", "proxy_pass {backend};"):
                    return Pass(null, statement[0].Socket, statement.Line);
                case ("server", "proxy_pass {name};"):
                    return Pass(statement[0].Word, null, statement.Line);
                case ("location", "proxy_pass http://{name};"):
                    _passed.Add((statement.Line, true, statement[0].Word, []));
                    return null;
                case ("server", "}"):
                    return End(statement);
                default:
                    return null;
            }
        }

        /// <inheritdoc/>
        public override string? End()
        {
            foreach (var (line, isWeb, name, ports) in _passed)
            {
                // A plain name would be looked up, and lead anywhere.
                if (!_upstreams.TryGetValue((isWeb, name), out var targets))
                    return $"line {line}: there is no upstream {name}";
                foreach (var port in ports)
                {
                    if (targets.Select(t => WhyNotLead(port, t)).FirstOrDefault(why => why is not null) is { } why)
                        return $"line {line}: {why}";
                }
            }

            return null;
        }

        private string? Listen(Statement statement)
        {
            var (text, port) = (statement.Text, statement[0].Number);
            var family = text.StartsWith("listen 0", StringComparison.Ordinal) ? 4 : 6;
            var listened = new PortOf(text.Contains(" udp", StringComparison.Ordinal) ? Protocol.Udp : Protocol.Tcp, family, port);
            _ports.Add(listened);
            return declared.WhyNotListen("nginx", listened.Protocol, family, port);
        }

        private string? Pass(string? name, (Ip Address, int Port)? target, int line)
        {
            if (_name is not null || _target is not null)
                return "a server has one proxy_pass";
            _target = target;
            _name = name is null ? null : (line, name);
            return null;
        }

        private string? End(Statement closing)
        {
            string? why = null;
            if (_target is { } target)
                why = _ports.Select(p => WhyNotLead(p, target)).FirstOrDefault(w => w is not null);
            else if (_name is var (line, name))
                _passed.Add((line, false, name, [.. _ports]));
            else if (!_isWeb)
                why = "the server that ends here has no proxy_pass";
            if (_ports.Count == 0)
                why ??= "the server that ends here has no listen";
            _ports.Clear();
            (_name, _target) = (null, null);
            return why;
        }

        private string? WhyNotLead(PortOf port, (Ip Address, int Port) target) =>
            declared.WhyNotLead("nginx", port.Protocol, port.Family, port.Port, target);

        // Web addresses share two ports.
        private string? WhyNotWeb((Ip Address, int Port) target) =>
            declared.WhyNotLead("nginx", Protocol.Tcp, 443, target) is null ? null : declared.WhyNotLead("nginx", Protocol.Tcp, 80, target);
    }
}
