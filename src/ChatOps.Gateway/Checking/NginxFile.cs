namespace ChatOps.Gateway.Checking;

/// <summary>
/// nginx.conf: public ports that lead to a VM and TLS that goes there by its name (stream), and web addresses (http). No file of this machine but certificates by name and what
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
        proxy_timeout {time};
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
        proxy_set_header X-Forwarded-Port $public_port;
        set_real_ip_from unix:;
        real_ip_header proxy_protocol;
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
        ("map $server_port $public_port {", PublicPort),
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
            declared => new NginxNames(declared)
        )
        {
            Needs = [("", "user www-data;"), ("http {", "access_log off;")],
        };
}
