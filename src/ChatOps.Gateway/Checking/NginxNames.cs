namespace ChatOps.Gateway.Checking;

/// <summary>Every port of nginx.conf that is listened on and every target is in the lists; every name leads to an upstream, and TLS of a
/// name to a socket that this file has.</summary>
internal sealed class NginxNames(Declared declared) : Examiner
{
    // Where the http part takes TLS from the stream part; all other sockets are servers of the stream part.
    private const string HttpSocket = "http.sock";

    // TLS of a name comes by this port; clients of which family is not known behind the name.
    private const int Tls = 443,
        Either = 0;

    private readonly Dictionary<(bool IsWeb, string Name), List<(Ip Address, int Port)>> _upstreams = [];
    private readonly List<(int Line, bool IsWeb, string Name, PortOf[] Ports)> _passed = [];
    private readonly HashSet<string> _sockets = [];
    private readonly List<(int Line, string Socket)> _led = [];
    private List<(Ip Address, int Port)> _targets = [];
    private bool _isWeb;
    private Server _server = new();

    private readonly record struct PortOf(int Family, int Port);

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
            case ("names", "default unix:/run/chatops/nginx/http.sock;"):
                _led.Add((statement.Line, HttpSocket));
                return null;
            case ("names", "{site} unix:/run/chatops/nginx/{sock};"):
                _led.Add((statement.Line, statement[1].Word));
                return null;
            case ("server", ['l', 'i', 's', 't', 'e', 'n', ' ', 'u', ..]):
                return ListenHere(statement);
            case ("server", ['l', 'i', 's', ..]):
                return Listen(statement);
            case ("server", "ssl_preread on;"):
                _server.ReadsName = true;
                return null;
            case ("server", "proxy_protocol on;"):
                _server.SaysClient = true;
                return null;
            case ("server", "set_real_ip_from unix:;" or "include /run/chatops/ended/{shut};" or "allow {net};" or "deny all;"):
                _server.IsOfName = true;
                return null;
            case ("server", "proxy_pass {backend};" or "proxy_pass {name};" or "proxy_pass $tls_to;"):
                return Pass(statement);
            case ("location", "proxy_pass http://{name};" or "grpc_pass grpc://{name};"):
                _passed.Add((statement.Line, true, statement[0].Word, []));
                return null;
            case ("server", "}"):
                return End(_server);
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

        foreach (var (line, socket) in _led)
        {
            if (!_sockets.Contains(socket))
                return $"line {line}: nothing listens on {socket}";
        }

        return null;
    }

    private string? Listen(Statement statement)
    {
        var (text, port) = (statement.Text, statement[0].Number);
        var family = text.StartsWith("listen 0", StringComparison.Ordinal) ? 4 : 6;
        _server.Ports.Add(new(family, port));
        return declared.WhyNotListen("nginx", Protocol.Tcp, family, port);
    }

    // Many servers of the http part share one socket, by their names; of the stream part each has its own.
    private string? ListenHere(Statement statement)
    {
        _server.IsHere = true;
        if (_isWeb)
        {
            _sockets.Add(HttpSocket);
            return null;
        }

        var socket = statement[0].Word;
        return socket == HttpSocket ? $"{HttpSocket} is the http part's"
            : _sockets.Add(socket) ? null
            : $"there is a server on {socket} already";
    }

    private string? Pass(Statement statement)
    {
        if (_server.IsLed)
            return "a server has one proxy_pass";
        switch (statement.Text)
        {
            case "proxy_pass {backend};":
                _server.Target = statement[0].Socket;
                break;
            case "proxy_pass {name};":
                _server.Name = (statement.Line, statement[0].Word);
                break;
            default:
                _server.IsByName = true;
                break;
        }

        return null;
    }

    private string? End(Server server)
    {
        _server = new();
        if (server.IsHere && !_isWeb)
            server.Ports.Add(new(Either, Tls));
        string? why = null;
        if (server.Target is { } target)
            why = server.Ports.Select(p => WhyNotLead(p, target)).FirstOrDefault(w => w is not null);
        else if (server.Name is var (line, name))
            _passed.Add((line, false, name, [.. server.Ports]));
        else if (!_isWeb && !server.IsByName)
            why = "the server that ends here has no proxy_pass";
        if (server.Ports.Count == 0 && !server.IsHere)
            why ??= "the server that ends here has no listen";
        return why ?? (_isWeb ? null : WhyNotTls(server));
    }

    // One server reads the name and says who the client is, on the port of TLS; those behind it hear that, and no other does.
    private static string? WhyNotTls(Server server)
    {
        if (server.IsHere && server.Ports.Count > 1)
            return "the server that ends here listens on a socket of this machine and on a port";
        if (server.IsOfName && !server.IsHere)
            return "the server that ends here is told no client";
        if (server.IsByName != server.ReadsName || server.IsByName != server.SaysClient)
            return "the server that ends here should read the name in TLS and say the client, to lead by the name, and no other server should";
        return server.IsByName && (server.IsHere || server.Ports.Any(p => p.Port != Tls))
            ? "the server that ends here should listen on tcp 443, to lead by the name in TLS"
            : null;
    }

    private string? WhyNotLead(PortOf port, (Ip Address, int Port) target) =>
        port.Family == Either
            ? declared.WhyNotLead("nginx", Protocol.Tcp, port.Port, target)
            : declared.WhyNotLead("nginx", Protocol.Tcp, port.Family, port.Port, target);

    // Web addresses share two ports.
    private string? WhyNotWeb((Ip Address, int Port) target) =>
        declared.WhyNotLead("nginx", Protocol.Tcp, 443, target) is null ? null : declared.WhyNotLead("nginx", Protocol.Tcp, 80, target);

    // What a server has said of itself.
    private sealed class Server
    {
        public List<PortOf> Ports { get; } = [];
        public bool IsHere { get; set; }
        public bool ReadsName { get; set; }
        public bool SaysClient { get; set; }
        public bool IsOfName { get; set; }
        public bool IsByName { get; set; }
        public (int Line, string Name)? Name { get; set; }
        public (Ip Address, int Port)? Target { get; set; }
        public bool IsLed => IsByName || Name is not null || Target is not null;
    }
}
