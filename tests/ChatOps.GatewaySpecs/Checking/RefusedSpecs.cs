namespace ChatOps.GatewaySpecs.Checking;

/// <summary>What is more than our templates write is refused, with a sentence that says what should be there.</summary>
public sealed class RefusedSpecs
{
    [Theory]
    [InlineData("nginx", "nginx.conf", "user www-data;", "user www-data;\r", "line 4: a carriage return; lines end with LF")]
    [InlineData("nginx", "nginx.conf", "user www-data;", "\tuser www-data;", "line 4: only printable ASCII may be in a file, no tabs")]
    [InlineData("nginx", "nginx.conf", "user www-data;", "user www-data; ", "line 4: should not end with a space")]
    [InlineData("nginx", "nginx.conf", "user www-data;", "user www-data;\u007f", "line 4: only printable ASCII may be in a file, no tabs")]
    [InlineData("nginx", "nginx.conf", "# After a reload the old", "#After a reload the old", "line 6: a comment begins with # and a space, and has none of \" \\ $ `")]
    [InlineData("services", "kamailio.cfg", "# gw1", "#!define X\n# gw1", "line 1: a comment begins with # and a space, and has none of \" \\ $ `")]
    [InlineData("haproxy", "haproxy.cfg", "# gw1", "# gw1 \\", "line 1: a comment begins with # and a space, and has none of \" \\ $ `")]
    public void No_program_reads_a_line_otherwise_than_we_do(string bundle, string file, string text, string replacement, string reason) =>
        IsRefused(bundle, file, text, replacement, reason);

    // dnsmasq reads what is longer in pieces.
    [Theory]
    [InlineData("nginx", "nginx.conf")]
    [InlineData("services", "dnsmasq.conf")]
    [InlineData("firewall", "nftables.nft")]
    public void No_line_is_longer_than_1000_bytes(string bundle, string file)
    {
        IsRefused(bundle, file, "# gw1", "# " + new string('x', 999), "line 1: is longer than 1000 bytes");
        Assert.Null(Bundle.Named(bundle).With(file, "# gw1", "# " + new string('x', 998) + "\n# gw1").Check());
    }

    [Theory]
    [InlineData("nginx", "nginx.conf")]
    [InlineData("nginx", "exposures")]
    [InlineData("firewall", "rules")]
    public void The_last_line_ends(string bundle, string file)
    {
        var text = Bundle.Named(bundle)[file].TrimEnd('\n');
        Assert.Equal((file, $"line {text.Split('\n').Length}: the last line should end with a newline"), Refusal(Bundle.Named(bundle).With(file, text)));
    }

    [Fact]
    public void A_file_of_another_name_is_none_of_a_bundle() =>
        Assert.Equal(("crontab", "is not a file of a bundle"), Refusal(Bundle.Named("nginx").With("crontab", "# nothing\n")));

    [Fact]
    public void The_first_fault_is_told_in_the_order_of_the_files() =>
        Assert.Equal(
            ("sysctl.conf", "line 2: should be: net.ipv4.ip_forward=0, 1 or 2"),
            Refusal(Bundle.Named("nginx").With("nginx.conf", "marker\n").With("sysctl.conf", "net.ipv4.ip_forward=1", "net.ipv4.ip_forward=7"))
        );

    [Theory]
    [InlineData("web", "access_log off", "access_log /run/marker", "line 23: should be: access_log off;")]
    [InlineData("web", "http://web-app.example.com;", "http://localhost;", "line 320: there is no upstream localhost")]
    [InlineData("web", "http://web-app.example.com;", "http://unix:/run/marker.sock;", "line 320: should be: proxy_pass http://NAME;")]
    [InlineData("web", "server [400::100:0:0:2]:8080", "server 127.0.0.1:8080", "line 268: 127.0.0.1 is this gateway itself; lead to another machine")]
    [InlineData("web", "server [400::100:0:0:2]:8080", "server [::ffff:10.1.0.2]:8080", "line 268: ::ffff:10.1.0.2 is loopback, unspecified or an IPv4 address; lead to another machine")]
    [InlineData("web", "server [400::100:0:0:2]:8080", "server unix:/run/chatops/x.sock", "line 268: should be: server ADDRESS:PORT of another machine max_fails=NUMBER fail_timeout=TIME;")]
    [InlineData("web", "server [400::100:0:0:2]:8080", "server [400::100:0:0:9]:8080", "line 268: exposures does not have: tcp 80 nginx 4 400::100:0:0:9 8080")]
    [InlineData("web", "tls/shop/privkey.pem", "tls/../../marker", "line 302: should be: ssl_certificate_key /etc/chatops/tls/NAME/privkey.pem;")]
    [InlineData("web", "tls/shop/privkey.pem", "pgbouncer/users.txt", "line 302: should be: ssl_certificate_key /etc/chatops/tls/NAME/privkey.pem;")]
    [InlineData("web", "server_tokens off;", "root /;", "line 24: root is not allowed in http")]
    [InlineData("web", "server_tokens off;", "server_tokens off; root /;", "line 24: should be: server_tokens off;")]
    [InlineData("web", "server_tokens off;", "\"include\" /etc/nginx/nginx.conf;", "line 24: \"include\" is not allowed in http")]
    [InlineData("web", "server_tokens off;", "proxy_temp_path /run/marker;", "line 24: proxy_temp_path is not allowed in http")]
    [InlineData("web", "server_tokens off;", "log_format x $request;", "line 24: log_format is not allowed in http")]
    [InlineData("web", "default upgrade;", "include /run/marker;", "line 245: include is not allowed in map")]
    [InlineData("web", "ngx_stream_module.so", "../../../run/marker.so", "line 3: should be: load_module /usr/lib/nginx/modules/ngx_stream_module.so;")]
    [InlineData("web", "user www-data", "user root", "line 4: should be: user www-data;")]
    [InlineData("web", "location = /api {", "location ~ /api {", "line 322: should be: location PATH {")]
    [InlineData("web", "return 308 https://$host$request_uri;", "return 308 https://example.com$request_uri;", "line 294: should be: return 308 https://$host$request_uri;")]
    [InlineData("web", "return 404;\n  }\n  server {", "return 404;\n  server {", "line 281: server is not allowed in server")]
    [InlineData("web", "\n}\n", "\n}\n}\n", "line 12: } is not allowed here")]
    [InlineData("lifetimes", "/run/chatops/ended/web-app.example.com.con[f]", "/run/chatops/ended/../../../run/marker.con[f]", "line 328: should be: include /run/chatops/ended/web-NAME.con[f];")]
    [InlineData("nginx", "listen [::]:53 ipv6only=on", "listen [::]:54 ipv6only=on", "line 22: listeners does not have: tcp 6 54 nginx")]
    [InlineData("nginx", "listen [::]:53 ipv6only=on", "listen [::]:53 ipv6only=on udp", "line 22: should be: listen [::]:PORT ipv6only=on so_keepalive=on;")]
    [InlineData("nginx", "proxy_pass 10.1.0.2:5353;", "proxy_pass 10.1.0.2:22;", "line 24: exposures does not have: tcp 53 nginx 6 10.1.0.2 22")]
    [InlineData("nginx", "proxy_pass 10.1.0.2:5353;", "proxy_pass 127.0.0.1:5353;", "line 23: 127.0.0.1 is this gateway itself; lead to another machine")]
    [InlineData("nginx", "proxy_pass 10.1.0.2:5353;", "proxy_pass 10.1.0.2:5353;\n    proxy_pass 10.1.0.2:5353;", "line 24: a server has one proxy_pass")]
    [InlineData("nginx", "proxy_pass 10.1.0.2:5353;", "proxy_pass example.com;", "line 23: there is no upstream example.com")]
    [InlineData("nginx", "proxy_connect_timeout 5s;", "proxy_connect_timeout soon;", "line 16: should be: proxy_connect_timeout TIME;")]
    public void Nginx_serves_what_is_exposed_and_no_file_of_this_machine(string bundle, string text, string replacement, string reason) =>
        IsRefused(bundle, "nginx.conf", text, replacement, reason);

    [Theory]
    [InlineData("hard-stop-after 12h", "stats socket /run/marker.sock level admin", "line 6: should be: stats socket /run/chatops-haproxy/haproxy.sock mode 600 level user or operator")]
    [InlineData("level operator", "level admin", "line 8: should be: stats socket /run/chatops-haproxy/haproxy.sock mode 600 level user or operator")]
    [InlineData("mode tcp", "errorfile 503 /run/marker", "line 11: errorfile is not allowed in defaults")]
    [InlineData("mode tcp", "tcp-request connection reject if { src -f /run/marker }", "line 11: tcp-request is not allowed in defaults")]
    [InlineData("user haproxy", "user \"hap\"\"roxy\"", "line 3: should be: user haproxy")]
    [InlineData("user haproxy", "us\\er haproxy", "line 3: us\\er is not allowed in global")]
    [InlineData("user haproxy", "user ${USER}", "line 3: should be: user haproxy")]
    [InlineData("user haproxy", "daemon", "line 3: daemon is not allowed in global")]
    [InlineData("server vm1 [400::100:0:0:2]:7000", "server vm1 127.0.0.1:7000", "line 24: 127.0.0.1 is this gateway itself; lead to another machine")]
    [InlineData("server vm1 [400::100:0:0:2]:7000", "server vm1 [400::100:0:0:2]:7000 check agent-check", "line 24: should be: server NAME ADDRESS:PORT of another machine")]
    [InlineData("server vm1 [400::100:0:0:2]:7000", "server vm1 [400::100:0:0:2]:7001", "line 24: exposures does not have: tcp 7000 haproxy 4 400::100:0:0:2 7001")]
    [InlineData("bind 0.0.0.0:7000", "bind 0.0.0.0:7001", "line 20: should bind 7000, as its name says")]
    [InlineData("bind 0.0.0.0:7000", "bind unix@/run/x.sock", "line 20: should be: bind 0.0.0.0:PORT")]
    [InlineData("listen tcp-7000-ipv6", "frontend x", "line 27: frontend is not allowed in listen")]
    public void HAProxy_gets_nothing_to_take_apart_and_no_word_that_is_not_known(string text, string replacement, string reason) =>
        IsRefused("haproxy", "haproxy.cfg", text, replacement, reason);

    [Theory]
    [InlineData("no-hosts", "dhcp-script=/run/marker", "line 9: dhcp-script=/run/marker is not allowed here")]
    [InlineData("no-hosts", "conf-dir=/etc", "line 9: conf-dir=/etc is not allowed here")]
    [InlineData("no-hosts", "addn-hosts=/run/marker", "line 9: addn-hosts=/run/marker is not allowed here")]
    [InlineData("server=400::100:0:0:2#53", "server=127.0.0.1#53", "line 10: 127.0.0.1 is this gateway itself; lead to another machine")]
    [InlineData("server=400::100:0:0:2#53", "server=400::100:0:0:1#53", "line 10: 400::100:0:0:1 is this gateway itself; lead to another machine")]
    [InlineData("server=400::100:0:0:2#53", "server=400::100:0:0:3#53", "line 10: exposures does not have: udp 53 dnsmasq 4 400::100:0:0:3 53")]
    [InlineData("server=400::100:0:0:2#53", "server=/example.com/400::100:0:0:2#53", "line 10: should be: server=ADDRESS#PORT")]
    [InlineData("port=53", "port=54", "line 2: listeners does not have: udp 4 54 dnsmasq")]
    [InlineData("port=53\n", "", "should say: port=PORT")]
    [InlineData("listen-address=203.0.113.10", "listen-address=127.0.0.1", "line 5: 127.0.0.1 is loopback; listen on an address that others reach")]
    public void dnsmasq_answers_for_exposed_servers_and_runs_nothing(string text, string replacement, string reason) =>
        IsRefused("services", "dnsmasq.conf", text, replacement, reason);

    [Theory]
    [InlineData("unix_socket_dir =", "%include /run/marker", "line 8: %include is not allowed in [pgbouncer]")]
    [InlineData("auth_type = scram-sha-256", "auth_type = any", "line 11: should be: auth_type = scram-sha-256")]
    [InlineData("/run/chatops-pgbouncer/users.txt", "/run/marker", "line 12: should be: auth_file = /run/chatops-pgbouncer/users.txt")]
    [InlineData("host=10.1.0.2", "host=10.1.0.2 user=postgres password=x", "line 3: should be: NAME = host=ADDRESS port=PORT")]
    [InlineData("host=10.1.0.2", "host=127.0.0.1", "line 3: 127.0.0.1 is this gateway itself; lead to another machine")]
    [InlineData("host=10.1.0.2", "host=10.1.0.3", "line 3: exposures does not have: tcp 5432 pgbouncer 4 10.1.0.3 5432")]
    [InlineData("listen_port = 5432", "listen_port = 5433", "line 7: listeners does not have: tcp 4 5433 pgbouncer")]
    [InlineData("auth_type = scram-sha-256", "[pgbouncer]\nauth_type = scram-sha-256", "line 11: [pgbouncer] is there already")]
    [InlineData("pool_mode = session", "pool_mode = session\npool_mode = transaction\npool_mode = session", "line 16: pool_mode = session is there already")]
    [InlineData("pool_mode = session", "logfile = /run/marker", "line 14: logfile is not allowed in [pgbouncer]")]
    public void pgbouncer_leads_to_exposed_databases_and_reads_no_other_file(string text, string replacement, string reason) =>
        IsRefused("services", "pgbouncer.ini", text, replacement, reason);

    [Theory]
    [InlineData("/usr/local/lib/chatops/sip.cfg", "/run/marker", "line 14: should be: include_file \"/usr/local/lib/chatops/sip.cfg\"")]
    [InlineData("route[TARGET] {", "loadmodule \"marker.so\"\nroute[TARGET] {", "line 17: loadmodule is not allowed here")]
    [InlineData("route[TARGET] {", "route[TARGET] {\n  xlog(\"marker\");", "line 18: xlog(\"marker\"); is not allowed in route[TARGET]")]
    [InlineData("$var(next) = \"\"; return; }", "$var(next) = \"\"; xlog(\"marker\"); return; }", "line 18: should be: if (src_ip == ADDRESS && dst_ip == ADDRESS) { $var(next) = \"\"; return; }")]
    [InlineData("sip:[400::100:0:0:2]:5070", "sip:[::1]:22", "line 21: ::1 is this gateway itself; lead to another machine")]
    [InlineData("sip:[400::100:0:0:2]:5070", "sip:[400::100:0:0:2]:22", "line 21: exposures does not have: udp 5070 kamailio 4 400::100:0:0:2 22")]
    [InlineData("sip:[400::100:0:0:2]:5070", "sip:example.com:5070", "line 21: should be: if (dst_port == PORT) { $var(next) = \"sip:ADDRESS:PORT of another machine\"; $var(from) = \"ADDRESS:PORT\"; return; }")]
    [InlineData("listen=udp:10.1.0.1:5060", "listen=udp:10.1.0.1:5061", "line 6: listeners does not have: udp 4 5061 kamailio")]
    [InlineData("listen=udp:10.1.0.1:5060", "listen=tls:10.1.0.1:5060", "line 6: should be: listen=tcp:ADDRESS:PORT")]
    public void kamailio_gets_addresses_and_no_script(string text, string replacement, string reason) =>
        IsRefused("services", "kamailio.cfg", text, replacement, reason);

    [Theory]
    [InlineData("/run/chatops-unbound/resolvers.conf", "/run/marker", "line 27: should be: include: /run/chatops-unbound/resolvers.conf")]
    [InlineData("username: \"\"", "username: \"root\"", "line 22: should be: username: \"\"")]
    [InlineData("chroot: \"\"", "python-script: \"/run/marker\"", "line 23: python-script: is not allowed in server:")]
    [InlineData("dns64 iterator", "python iterator", "line 10: should be: module-config: \"dns64 iterator\"")]
    [InlineData("dns64-prefix: fd64:0:0:64::/96", "dns64-prefix: fd64:0:0:64::/64", "line 11: should be a PREFIX/96")]
    [InlineData("dns64-prefix: fd64:0:0:64::/96", "dns64-prefix: 2001:db8::/96", "line 11: 2001:db8:: is not in a network for private use")]
    [InlineData("400::100:0:0:1@53", "400::100:0:0:1@22", "line 3: should be: interface: ADDRESS@53")]
    public void unbound_reads_no_other_file_and_makes_addresses_of_private_prefixes_alone(string text, string replacement, string reason) =>
        IsRefused("snat", "unbound.conf", text, replacement, reason);

    [Theory]
    [InlineData("tun-device nat64", "tun-device eth0", "line 2: should be: tun-device nat64")]
    [InlineData("data-dir /run/chatops-tayga", "data-dir /etc", "line 6: should be: data-dir /run/chatops-tayga")]
    [InlineData("192.168.255.0/24", "0.0.0.0/0", "line 5: 0.0.0.0 is not in a network for private use")]
    [InlineData("192.168.255.0/24", "192.168.255.1/24", "line 5: should be: dynamic-pool IPV4-NETWORK")]
    public void tayga_has_its_own_device_and_private_networks(string text, string replacement, string reason) =>
        IsRefused("snat", "tayga.conf", text, replacement, reason);

    [Theory]
    [InlineData("net.ipv4.ip_forward=1", "kernel.marker=1", "line 2: kernel.marker=1 is not allowed here")]
    [InlineData("net.ipv4.ip_forward=1", "net.ipv4.conf.all.route_localnet=1", "line 2: should be: net.ipv4.ip_forward=0, 1 or 2")]
    [InlineData("net.ipv4.ip_forward=1", "net.ipv4.ip_forward=3", "line 2: should be: net.ipv4.ip_forward=0, 1 or 2")]
    [InlineData("net.ipv4.ip_forward=1", "net.ipv4.ip_forward = 1", "line 2: should be: net.ipv4.ip_forward=0, 1 or 2")]
    public void Nothing_else_of_the_kernel_is_set(string text, string replacement, string reason) =>
        IsRefused("empty", "sysctl.conf", text, replacement, reason);

    [Theory]
    [InlineData("ListenPort = 51820", "PostUp = /run/marker", "line 4: PostUp is not allowed in [Interface]")]
    [InlineData("ListenPort = 51820", "SaveConfig = true", "line 4: SaveConfig is not allowed in [Interface]")]
    [InlineData("KEPT-ON-THE-GATEWAY", "5zpVn1D2vgl+TFxFHbdC5fFqWlWaSjWsWdEHJnY3l2s=", "line 5: should be: PrivateKey = KEPT-ON-THE-GATEWAY")]
    [InlineData("PrivateKey = KEPT-ON-THE-GATEWAY\n", "", "should have exactly one line PrivateKey = KEPT-ON-THE-GATEWAY")]
    [InlineData("AllowedIPs = 10.1.0.2/32", "AllowedIPs = 0.0.0.0/0", "line 10: 0.0.0.0/0 is not private; lead to a private network")]
    [InlineData("AllowedIPs = 10.1.0.2/32", "AllowedIPs = 10.1.0.1/32", "line 10: 10.1.0.1 is this gateway itself; lead to another machine")]
    [InlineData("3l2s=", "3l2t=", "line 9: should be: PublicKey = KEY")]
    public void WireGuard_gets_peers_of_one_address_each_and_no_command(string text, string replacement, string reason) =>
        IsRefused("wireguard", "wg0.conf", text, replacement, reason);

    [Theory]
    [InlineData("203.0.113.11", "127.0.0.5", "line 2: 127.0.0.5 is loopback; give a public address")]
    [InlineData("203.0.113.11", "203.0.113.256", "line 2: should be: ADDRESS")]
    [InlineData("203.0.113.11", "203.0.113.011", "line 2: should be: ADDRESS")]
    [InlineData("203.0.113.11", "400::100:0:0:2", "line 2: 400::100:0:0:2 is an address of the overlay; give a public address")]
    [InlineData("203.0.113.11", "169.254.1.1", "line 2: 169.254.1.1 is link-local; give a public address")]
    [InlineData("203.0.113.11", "224.0.0.5", "line 2: 224.0.0.5 is multicast or reserved; give a public address")]
    [InlineData("203.0.113.11", "203.0.113.11 dev eth1", "line 2: should be: ADDRESS INTERFACE")]
    [InlineData("203.0.113.11", "203.0.113.11 wg0", "line 2: should be: ADDRESS INTERFACE")]
    [InlineData("203.0.113.11", "203.0.113.11 -x", "line 2: should be: ADDRESS INTERFACE")]
    [InlineData("203.0.113.11", "203.0.113.11 a;b", "line 2: should be: ADDRESS INTERFACE")]
    [InlineData("203.0.113.11", "203.0.113.11\n203.0.113.11", "line 3: 203.0.113.11 is there twice")]
    public void Further_addresses_are_public_ones(string text, string replacement, string reason) =>
        IsRefused("mapping", "addresses", text, replacement, reason);

    [Theory]
    [InlineData("mapping", "map 203.0.113.11 10.1.0.2", "map 203.0.113.11 127.0.0.1", "line 2: 127.0.0.1 is this gateway itself; lead to another machine")]
    [InlineData("mapping", "map 203.0.113.11 10.1.0.2", "open 203.0.113.11 10.1.0.2", "line 2: open is not allowed here")]
    [InlineData("firewall", "block 192.0.2.0/24", "block 192.0.2.1/24", "line 5: should be: block NETWORK")]
    [InlineData("firewall", "admit tcp 22", "admit icmp 22", "line 1: should be: admit PROTO PORT NETWORK")]
    public void Rules_are_of_the_known_kinds(string bundle, string text, string replacement, string reason) =>
        IsRefused(bundle, "rules", text, replacement, reason);

    [Theory]
    [InlineData("udp 53 1795197600", "udp 53 soon", "line 9: should be: PROTO PORT END")]
    [InlineData("udp 53 1795197600", "udp 0 1795197600", "line 9: should be: PROTO PORT END")]
    [InlineData("web web-app.example.com 1795170960", "web ../x 1795170960", "line 11: should be: web web-NAME or tls-NAME END")]
    public void Lifetimes_are_of_what_can_end(string text, string replacement, string reason) =>
        IsRefused("lifetimes", "lifetimes", text, replacement, reason);

    [Theory]
    [InlineData("nginx", "tcp 80 relay 4 400::100:0:0:2 8080", "tcp 80 relay 4 400::100:0:0:2", "line 4: should be: PROTO PORT ENGINE FAMILY TARGETADDR TARGETPORT")]
    [InlineData("nftables", "10.1.0.2", "127.0.0.1", "line 1: 127.0.0.1 is this gateway itself; lead to another machine")]
    [InlineData("nftables", "10.1.0.2", "0.0.0.0", "line 1: 0.0.0.0 is unspecified; lead to another machine")]
    [InlineData("nftables", "10.1.0.2", "169.254.169.254", "line 1: 169.254.169.254 is link-local; lead to another machine")]
    [InlineData("nftables", "10.1.0.2", "224.0.0.1", "line 1: 224.0.0.1 is multicast or reserved; lead to another machine")]
    [InlineData("nftables", "10.1.0.2", "255.255.255.255", "line 1: 255.255.255.255 is multicast or reserved; lead to another machine")]
    [InlineData("nftables", "10.1.0.2", "203.0.113.10", "line 1: 203.0.113.10 is this gateway itself; lead to another machine")]
    [InlineData("nftables", "10.1.0.2", "10.1.0.02", "line 1: should be: PROTO PORT ENGINE FAMILY TARGETADDR TARGETPORT")]
    [InlineData("nftables", "10.1.0.2", "::1", "line 1: ::1 is this gateway itself; lead to another machine")]
    [InlineData("nftables", "10.1.0.2", "::", "line 1: :: is loopback, unspecified or an IPv4 address; lead to another machine")]
    [InlineData("nftables", "10.1.0.2", "fe80::1", "line 1: fe80::1 is link-local; lead to another machine")]
    [InlineData("nftables", "10.1.0.2", "fec0::1", "line 1: fec0::1 is link-local; lead to another machine")]
    [InlineData("nftables", "10.1.0.2", "ff02::1", "line 1: ff02::1 is multicast; lead to another machine")]
    [InlineData("nftables", "10.1.0.2", "::ffff:10.1.0.2", "line 1: ::ffff:10.1.0.2 is loopback, unspecified or an IPv4 address; lead to another machine")]
    [InlineData("nftables", "10.1.0.2", "::ffff:0:10.1.0.2", "line 1: ::ffff:0:10.1.0.2 is loopback, unspecified or an IPv4 address; lead to another machine")]
    [InlineData("nftables", "10.1.0.2", "::10.1.0.2", "line 1: ::10.1.0.2 is loopback, unspecified or an IPv4 address; lead to another machine")]
    [InlineData("nftables", "10.1.0.2", "64:ff9b::7f00:1", "line 1: 64:ff9b::7f00:1 holds an IPv4 address: 127.0.0.1 is this gateway itself; lead to another machine")]
    [InlineData("nftables", "10.1.0.2", "64:ff9b::a01:1", "line 1: 64:ff9b::a01:1 holds an IPv4 address: 10.1.0.1 is this gateway itself; lead to another machine")]
    [InlineData("nftables", "10.1.0.2", "64:ff9b:1::a9fe:a9fe", "line 1: 64:ff9b:1::a9fe:a9fe holds an IPv4 address: 169.254.169.254 is link-local; lead to another machine")]
    [InlineData("nftables", "10.1.0.2", "2002:cb00:710a::1", "line 1: 2002:cb00:710a::1 holds an IPv4 address: 203.0.113.10 is this gateway itself; lead to another machine")]
    [InlineData("nftables", "10.1.0.2", "fd64::64:0:0:cb00:710a", "line 1: fd64::64:0:0:cb00:710a holds an IPv4 address: 203.0.113.10 is this gateway itself; lead to another machine")]
    [InlineData("nftables", "10.1.0.2", "2001:db8::10", "line 1: 2001:db8::10 is this gateway itself; lead to another machine")]
    [InlineData("nftables", "10.1.0.2", "0400::100:0:0:2", "line 1: should be: PROTO PORT ENGINE FAMILY TARGETADDR TARGETPORT")]
    [InlineData("nftables", "10.1.0.2", "vm2", "line 1: should be: PROTO PORT ENGINE FAMILY TARGETADDR TARGETPORT")]
    public void A_target_is_another_machine_however_its_address_is_written(string bundle, string text, string replacement, string reason) =>
        IsRefused(bundle, "exposures", text, replacement, reason);

    [Theory]
    [InlineData("tcp 6 53 nginx", "tcp 6 54 nginx", "line 2: exposures has nothing of nginx on tcp 54 (IPv6)")]
    [InlineData("tcp 6 53 nginx", "tcp 6 53 sshd", "line 2: should be: PROTO FAMILY PORT ENGINE")]
    public void A_listener_is_there_for_an_exposure(string text, string replacement, string reason) =>
        IsRefused("nginx", "listeners", text, replacement, reason);

    [Theory]
    [InlineData("firewall", "table inet chatops {}\n", "", "line 3: should begin with: table inet chatops {} / delete table inet chatops / table inet chatops {")]
    [InlineData("firewall", "delete table inet chatops", "flush ruleset", "line 4: flush is not allowed here")]
    [InlineData("firewall", "table inet chatops {}", "table inet others {}", "line 3: should be: table inet chatops {}")]
    [InlineData("firewall", "    reject with icmpx port-unreachable\n  }", "    reject with icmpx port-unreachable\n    include \"/run/marker\"\n  }", "line 399: include is not allowed in chain input")]
    [InlineData("firewall", "comment \"WireGuard\"", "comment \"Wire\nGuard\"", "line 386: should be: udp dport PORT accept comment \"WireGuard\"")]
    [InlineData("firewall", "comment \"WireGuard\"", "comment \"x\"; include \"/run/marker\"", "line 386: should be: udp dport PORT accept comment \"WireGuard\"")]
    [InlineData("firewall", "    iifname \"lo\" accept\n", "    iifname \"lo\" accept # \"\n", "line 248: should be: iifname \"lo\" accept")]
    [InlineData("firewall", "chain forward {", "chain fwd {", "line 401: should be: chain fit {")]
    [InlineData("firewall", "hook forward priority filter; policy drop", "hook forward priority filter; policy accept", "line 402: should be: type filter hook forward priority filter; policy drop;")]
    [InlineData("firewall", "ct status dnat accept", "accept", "line 406: accept is not allowed in chain forward")]
    [InlineData("firewall", "ct status dnat accept", "iifname \"eth0\" accept", "line 406: should be: iifname \"wg0\" oifname \"wg0\" accept")]
    [InlineData("firewall", "tcp dport 22 accept", "tcp dport 22 accept\n    tcp dport 25 accept", "line 375: only one TCP port may be open here, and 22 is")]
    [InlineData("firewall", "udp dport 51820 accept comment \"WireGuard\"", "udp dport 51820 accept comment \"WireGuard\"\n    udp dport 161 accept comment \"WireGuard\"", "line 387: only one UDP port may be open here, and 51820 is")]
    [InlineData("firewall", "tcp dport 22 accept", "tcp dport { 22, 25 } accept", "line 374: should be: tcp dport PORT accept or drop")]
    [InlineData("firewall", "tcp . 80 : 400::100:0:0:2 . 8080,", "tcp . 80 : 400::100:0:0:2 . 22,", "line 183: exposures does not have: tcp 80 nftables 6 400::100:0:0:2 22")]
    [InlineData("firewall", "tcp . 80 : 400::100:0:0:2 . 8080,", "tcp . 80 : ::1 . 8080,", "line 183: ::1 is this gateway itself; lead to another machine")]
    [InlineData("firewall", "tcp . 80 : 400::100:0:0:2 . 8080,", "tcp . 80 : 400::100:0:0:2 . 8080, tcp . 81 : 400::100:0:0:2 . 81,", "line 183: should be: PROTO . PORT : IPV6-ADDRESS . PORT,")]
    [InlineData("firewall", "tcp . 80 : 400::100:0:0:2 . 8080,", "tcp . 80 : $target . 8080,", "line 183: should be: PROTO . PORT : IPV6-ADDRESS . PORT,")]
    [InlineData("firewall", "set proxied4 {\n    type inet_proto . inet_service\n    elements = {\n      tcp . 80,", "set proxied4 {\n    type inet_proto . inet_service\n    elements = {\n      tcp . 81,", "line 83: listeners has no proxy for tcp 81 (IPv4)")]
    [InlineData("firewall", "tcp . 22 . 198.51.100.0/24,", "tcp . 22 . 198.51.0.0/16,", "line 61: rules does not have: admit tcp 22 198.51.0.0/16")]
    [InlineData("mapping", "203.0.113.11 : 10.1.0.2,", "203.0.113.11 : 10.1.0.3,", "line 99: rules does not have: map 203.0.113.11 10.1.0.3")]
    [InlineData("mapping", "10.1.0.2 : 203.0.113.11,", "10.1.0.2 : 203.0.113.12,", "line 106: rules does not have: map 203.0.113.12 10.1.0.2")]
    [InlineData("snat", "snat ip to 203.0.113.12-203.0.113.13\n", "snat ip to 203.0.113.12-203.0.113.99\n", "line 335: rules does not have: snat 10.1.0.2 203.0.113.12 203.0.113.99")]
    [InlineData("snat", "snat ip6 to [2001:db8::12]", "snat ip6 to [2001:db8::13]", "line 338: rules does not have: snat 400::100:0:0:2 2001:db8::13 2001:db8::13")]
    [InlineData("egress", "    elements = {\n      10.1.0.2,", "    elements = {\n      10.1.0.3,", "line 113: rules does not have: egress 10.1.0.3")]
    [InlineData("firewall", "flags & rst == 0 reject with tcp reset\n  }\n}\n", "flags & rst == 0 reject with tcp reset\n  }\n}\ntable ip other {\n}\n", "line 424: should be: table inet chatops {}")]
    [InlineData("firewall", "flags & rst == 0 reject with tcp reset\n  }\n}\n", "flags & rst == 0 reject with tcp reset\n  }\n}\ntable inet chatops {\n}\n", "line 424: only one table may be in the file")]
    [InlineData("firewall", "flags & rst == 0 reject with tcp reset\n  }\n}\n", "flags & rst == 0 reject with tcp reset\n  }\n", "line 422: a closing brace is missing")]
    [InlineData("firewall", "counter blocked {\n  }", "counter blocked {\n    packets 1 bytes 1\n  }", "line 8: packets is not allowed in counter")]
    [InlineData("firewall", "set ended {", "set started {", "line 42: should be: set sources4 {")]
    [InlineData("firewall", "      10.0.0.0/8,\n", "", "the sets inside4 and inside6 should have 10.0.0.0/8")]
    [InlineData("firewall", "      ::/3,\n", "      2000::/3,\n", "the sets inside4 and inside6 should have ::/3")]
    public void The_firewalls_file_is_our_table_with_what_the_lists_say(string bundle, string text, string replacement, string reason) =>
        IsRefused(bundle, "nftables.nft", text, replacement, reason);

    // Where a line is missing, what the program has built in holds.
    [Theory]
    [InlineData("web", "nginx.conf", "  access_log off;\n", "should say: access_log off;")]
    [InlineData("nginx", "nginx.conf", "user www-data;\n", "should say: user www-data;")]
    [InlineData("services", "dnsmasq.conf", "no-resolv\n", "should say: no-resolv")]
    [InlineData("services", "pgbouncer.ini", "unix_socket_dir =\n", "should say: unix_socket_dir =")]
    [InlineData("snat", "unbound.conf", "  username: \"\"\n", "should say: username: \"\"")]
    public void What_keeps_a_program_from_doing_more_is_there(string bundle, string file, string line, string reason) =>
        IsRefused(bundle, file, line, "", reason);

    private static void IsRefused(string bundle, string file, string text, string replacement, string reason) =>
        Assert.Equal((file, reason), Refusal(Bundle.Named(bundle).With(file, text, replacement)));

    private static (string File, string Reason) Refusal(Bundle bundle)
    {
        var fault = bundle.Check();
        Assert.NotNull(fault);
        return (fault.File, fault.Reason);
    }
}
