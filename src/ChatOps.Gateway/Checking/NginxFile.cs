namespace ChatOps.Gateway.Checking;

/// <summary>
/// nginx.conf: public ports that lead to a VM and TLS that goes there by its name (stream), and web addresses (http). No file of this
/// machine but certificates by name and what closes a web address; no name that would be looked up; no variable but in these lines.
/// </summary>
internal static class NginxFile
{
    private static readonly Section StreamServer = new(
        "server",
        """
        listen 0.0.0.0:{port} so_keepalive=on;
        listen [::]:{port} ipv6only=on so_keepalive=on;
        listen unix:/run/chatops/nginx/{sock} proxy_protocol;
        ssl_preread on;
        proxy_protocol on;
        set_real_ip_from unix:;
        include /run/chatops/ended/{shut};
        allow {net};
        deny all;
        proxy_pass {backend};
        proxy_pass {name};
        proxy_pass $tls_to;
        """
    );

    private static readonly Section StreamUpstream = new("upstream", "server {backend};");

    // By the name in TLS: to what this machine's own sockets of nginx do with it.
    private static readonly Section TlsNames = new(
        "names",
        """
        hostnames;
        default unix:/run/chatops/nginx/http.sock;
        {site} unix:/run/chatops/nginx/{sock};
        """
    );

    private static readonly Section Stream = new(
        "stream",
        """
        proxy_timeout {time};
        proxy_connect_timeout {time};
        proxy_socket_keepalive {switch};
        proxy_half_close {switch};
        map_hash_bucket_size {number};
        map_hash_max_size {number};
        """,
        ("map $ssl_preread_server_name $tls_to {", TlsNames),
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
        grpc_pass grpc://{name};
        return 404;
        """
    );

    private static readonly Section WebServer = new(
        "server",
        """
        listen 0.0.0.0:{port};
        listen [::]:{port};
        listen 0.0.0.0:{port} default_server so_keepalive=on;
        listen [::]:{port} default_server so_keepalive=on;
        listen 0.0.0.0:{port} ssl http2;
        listen [::]:{port} ssl http2;
        listen 0.0.0.0:{port} ssl http2 default_server so_keepalive=on;
        listen [::]:{port} ssl http2 default_server so_keepalive=on;
        listen unix:/run/chatops/nginx/http.sock ssl http2 proxy_protocol;
        listen unix:/run/chatops/nginx/http.sock ssl http2 proxy_protocol default_server;
        server_name {host};
        ssl_certificate /etc/chatops/tls/{certificate}/fullchain.pem;
        ssl_certificate_key /etc/chatops/tls/{certificate}/privkey.pem;
        ssl_reject_handshake on;
        return 404;
        return 421;
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

    private static readonly Section PublicPort = new(
        "map",
        """
        default $server_port;
        "" 443;
        """
    );

    // What a VM is told of a request, by which protocol ever. Which headers do not go on, the template alone says: to leave one out does no
    // harm here.
    private const string Headers = """
        Host $host;
        X-Real-IP $remote_addr;
        X-Forwarded-For $remote_addr;
        X-Forwarded-Host $host;
        X-Forwarded-Port $server_port;
        X-Forwarded-Port $public_port;
        X-Forwarded-Proto $scheme;
        {header} "";
        """;

    private static readonly Section Http = new(
        "http",
        Said("proxy_set_header")
            + Said("grpc_set_header")
            + """
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
            proxy_headers_hash_max_size {number};
            proxy_headers_hash_bucket_size {number};
            proxy_socket_keepalive {switch};
            proxy_http_version 1.1;
            grpc_connect_timeout {time};
            grpc_next_upstream error timeout;
            grpc_next_upstream_tries {number};
            grpc_buffer_size {size};
            grpc_read_timeout {time};
            grpc_send_timeout {time};
            grpc_socket_keepalive {switch};
            set_real_ip_from unix:;
            real_ip_header proxy_protocol;
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
        ("map $server_port $public_port {", PublicPort),
        ("upstream {name} {", WebUpstream),
        ("server {", WebServer)
    );

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
            declared => new NginxNames(declared)
        )
        {
            Needs = [("", "user www-data;"), ("http {", "access_log off;")],
        };

    private static string Said(string directive) => string.Concat(Headers.Split('\n').Select(h => $"{directive} {h.Trim()}\n"));
}
