using ChatOps.Rendering;
using ChatOps.Specs.Conventions;
using Scriban.Runtime;

namespace ChatOps.Specs.Infra;

/// <summary>What the gateway's check.awk lets through: what our templates say, and nothing that makes root out of our SSH key.</summary>
public sealed class CheckSpecs : IDisposable
{
    private static readonly string Program = Path.Combine(Checkout.Root, "infra", "gateway", "lib", "check.awk");
    private static readonly Templates Templates = new(Path.Combine(AppContext.BaseDirectory, "templates"));
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_the_templates_say_is_allowed()
    {
        foreach (var file in Models.Keys)
            Assert.Equal("", await ComplaintAsync(file, Rendered(file)));
    }

    [Theory]
    [InlineData("nginx.conf", "access_log off", "access_log /etc/cron.d/x")]
    [InlineData("nginx.conf", "http://app", "http://localhost")]
    [InlineData("nginx.conf", "http://app", "http://unix:/run/docker.sock")]
    [InlineData("nginx.conf", "server [400::100:0:0:2]:8080", "server 127.0.0.1:8080")]
    [InlineData("nginx.conf", "server [400::100:0:0:2]:8080", "server unix:/run/chatops/x.sock")]
    [InlineData("nginx.conf", "tls/web/privkey.pem", "tls/../../shadow")]
    [InlineData("nginx.conf", "tls/web/privkey.pem", "pgbouncer/users.txt")]
    [InlineData("nginx.conf", "server_tokens off;", "root /;")]
    [InlineData("nginx.conf", "server_tokens off;", "server_tokens off; root /;")]
    [InlineData("nginx.conf", "server_tokens off;", "\"include\" /etc/nginx/nginx.conf;")]
    [InlineData("nginx.conf", "server_tokens off;", "proxy_temp_path /etc/cron.d;")]
    [InlineData("nginx.conf", "default upgrade;", "include /etc/shadow;")]
    [InlineData("nginx.conf", "ngx_stream_module.so", "../../../tmp/x.so")]
    [InlineData("nginx.conf", "user www-data", "user root")]
    [InlineData("haproxy.cfg", "maxconn 8192", "stats socket /etc/x.sock level admin")]
    [InlineData("haproxy.cfg", "maxconn 8192", "stats socket /run/chatops/x.sock level admin")]
    [InlineData("haproxy.cfg", "mode tcp", "errorfile 503 /etc/shadow")]
    [InlineData("haproxy.cfg", "mode tcp", "tcp-request connection reject if { src -f /etc/shadow }")]
    [InlineData("dnsmasq.conf", "no-hosts", "dhcp-script=/bin/sh")]
    [InlineData("dnsmasq.conf", "no-hosts", "conf-dir=/etc")]
    [InlineData("dnsmasq.conf", "no-hosts", "addn-hosts=/etc/shadow")]
    [InlineData("dnsmasq.conf", "server=400::100:0:0:2#53", "server=127.0.0.1#53")]
    [InlineData("pgbouncer.ini", "unix_socket_dir =", "%include /etc/shadow")]
    [InlineData("pgbouncer.ini", "auth_type = scram-sha-256", "auth_type = any")]
    [InlineData("pgbouncer.ini", "/run/chatops-pgbouncer/users.txt", "/etc/shadow")]
    [InlineData("pgbouncer.ini", "host=10.1.0.2", "host=10.1.0.2 user=postgres password=x")]
    [InlineData("pgbouncer.ini", "host=10.1.0.2", "host=127.0.0.1")]
    [InlineData("kamailio.cfg", "/usr/local/lib/chatops/sip.cfg", "/etc/passwd")]
    [InlineData("kamailio.cfg", "route[TARGET] {", "loadmodule \"exec.so\"\nroute[TARGET] {")]
    [InlineData("kamailio.cfg", "route[TARGET] {", "route[TARGET] {\n  exec_msg(\"id\");")]
    [InlineData("kamailio.cfg", "return; }", "exec_msg(\"id\"); return; }")]
    [InlineData("kamailio.cfg", "sip:[400::100:0:0:2]:5060", "sip:[::1]:22")]
    [InlineData("kamailio.cfg", "# gw1", "#!define X\n# gw1")]
    [InlineData("unbound.conf", "/run/chatops-unbound/resolvers.conf", "/etc/shadow")]
    [InlineData("unbound.conf", "username: \"\"", "username: \"root\"")]
    [InlineData("unbound.conf", "chroot: \"\"", "python-script: \"/tmp/x\"")]
    [InlineData("unbound.conf", "dns64 iterator", "python iterator")]
    [InlineData("tayga.conf", "tun-device nat64", "tun-device eth0")]
    [InlineData("tayga.conf", "data-dir /run/chatops-tayga", "data-dir /etc")]
    [InlineData("addresses", "203.0.113.11", "127.0.0.5")]
    [InlineData("addresses", "203.0.113.11", "203.0.113.256")]
    [InlineData("addresses", "203.0.113.11", "400::100:0:0:2")]
    [InlineData("addresses", "203.0.113.11", "203.0.113.11 dev eth1")]
    [InlineData("addresses", "203.0.113.11", "203.0.113.11 wg0")]
    [InlineData("addresses", "203.0.113.11", "203.0.113.11 -x")]
    [InlineData("addresses", "203.0.113.11", "203.0.113.11 a;b")]
    public async Task What_reaches_beyond_a_gateways_job_is_refused(string file, string text, string replacement)
    {
        var rendered = Rendered(file);
        Assert.Contains(text, rendered, StringComparison.Ordinal);
        var complaint = await ComplaintAsync(file, rendered.Replace(text, replacement, StringComparison.Ordinal));
        Assert.StartsWith(file + "|line ", complaint, StringComparison.Ordinal);
    }

    private static readonly Dictionary<string, (string? Template, ScriptObject Model)> Models = new(StringComparer.Ordinal)
    {
        ["addresses"] = (null, []),
        ["nginx.conf"] = ("nginx/nginx.conf.sbn", Web()),
        ["haproxy.cfg"] = (
            "haproxy/haproxy.cfg.sbn",
            Of(("servers", Templates.Render("haproxy/listen.sbn", Of(("name", "tcp-7000-ipv4"), ("listen", "0.0.0.0:7000"), ("sends_proxy", true), ("is_sftp", true), ("targets", List("[400::100:0:0:2]:7000", "[400::100:0:0:3]:7000"))))))
        ),
        ["dnsmasq.conf"] = (
            "dnsmasq/dnsmasq.conf.sbn",
            Of(("port", "53"), ("listens", List("203.0.113.10", "2001:db8::10")), ("servers", List(Of(("address", "400::100:0:0:2"), ("port", "53")))))
        ),
        ["pgbouncer.ini"] = (
            "pgbouncer/pgbouncer.ini.sbn",
            Of(("port", "5432"), ("listens", List("0.0.0.0", "::")), ("databases", List(Of(("name", "*"), ("address", "10.1.0.2"), ("port", "5432")))))
        ),
        ["kamailio.cfg"] = (
            "kamailio/kamailio.cfg.sbn",
            Of(
                ("listens", List("203.0.113.10:5060", "[2001:db8::10]:5060", "[400::100:0:0:1]:5060")),
                ("servers", List(Of(("port", "5060"), ("vm", "[400::100:0:0:2]"), ("inside", "[400::100:0:0:1]"), ("target", "[400::100:0:0:2]:5060"))))
            )
        ),
        ["unbound.conf"] = (
            "unbound/unbound.conf.sbn",
            Of(("listens", List("400::100:0:0:1")), ("clients", List("400::/7")), ("prefix", "fd64:0:0:64::/96"), ("resolvers", List()))
        ),
        ["tayga.conf"] = ("tayga/tayga.conf.sbn", Of(("prefix", "fd64:0:0:64::/96"), ("pool", "192.168.255.0/24"), ("address", "192.168.255.1"))),
    };

    private static ScriptObject Web()
    {
        var location = Of(("path", "/api"), ("upstream", "app"), ("has_sources", true), ("sources", List("198.51.100.0/24", "2001:db8:9::/48")), ("ended", ""));
        var host = Of(("name", "app.example.com"), ("is_tls", true), ("certificate", "web"), ("has_root", false), ("locations", List(location)));
        return Of(
            ("servers", ""),
            ("has_http", true),
            ("has_tls", true),
            ("listens", List("0.0.0.0:80", "[::]:80")),
            ("tls_listens", List("0.0.0.0:443", "[::]:443")),
            ("upstreams", List(Of(("name", "app"), ("targets", List("[400::100:0:0:2]:8080", "[400::100:0:0:3]:8080"))))),
            ("hosts", List(host))
        );
    }

    private static ScriptArray List(params object[] items) => [.. items];

    private static ScriptObject Of(params (string Name, object Value)[] members)
    {
        var made = new ScriptObject { ["gateway"] = "gw1" };
        foreach (var (name, value) in members)
            made[name] = value;
        return made;
    }

    private static string Rendered(string file) =>
        Models[file] is ({ } template, var model) ? Templates.Render(template, model) : "# Further addresses.\n203.0.113.11\n2001:db8::11\n";

    private async Task<string> ComplaintAsync(string file, string text)
    {
        var path = _folder.In(file);
        await File.WriteAllTextAsync(path, text);
        var said = await Script.RunAsync("awk", ["-f", Program, path]);
        Assert.Equal("", said.Errors);
        Assert.Equal(said.Output.Length == 0 ? 0 : 1, said.Exit);
        return said.Output;
    }
}
