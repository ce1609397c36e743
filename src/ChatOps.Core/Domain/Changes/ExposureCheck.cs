using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Core.Domain.Changes;

/// <summary>Says whether something can be opened: across all engines, who holds the port?</summary>
internal static class ExposureCheck
{
    private static readonly Port MyceliumPort = new(9651);

    /// <summary>The reason why it cannot, or null.</summary>
    public static Refusal? Problem(GatewayState state, Edge edge, ExposureOpened e)
    {
        foreach (var target in e.Targets)
        {
            if (!edge.Vms.ContainsKey(target.Vm))
                return EffectCheck.UnknownVm(state, edge, target.Vm, near =>
                    Line(e with { Targets = [.. e.Targets.Select(t => t.Vm == target.Vm ? t with { Vm = near } : t)] })
                );
        }

        if (e.Targets.Distinct().Count() != e.Targets.Length)
            return new($"{string.Join(',', e.Targets)} names an endpoint twice.", "help expose");
        return Misfit(e)
            ?? ServiceProblem(state, edge, e)
            ?? (e.Endpoint.Port is { } port ? PortProblem(state, edge, e, port) : WebProblem(state, edge, e, e.Endpoint.Web!.Value));
    }

    /// <summary>Why an endpoint cannot be closed or extended: it is not open.</summary>
    public static Refusal? ClosedProblem(GatewayState state, Edge edge, PublicEndpoint endpoint) =>
        edge.Exposures.ContainsKey(endpoint) ? null : NotOpen(state, edge, endpoint);

    /// <summary>The answer to closing what is not open.</summary>
    public static Refusal NotOpen(GatewayState state, Edge edge, PublicEndpoint endpoint)
    {
        if (endpoint.Port is { } port)
        {
            var other = port with { Protocol = port.Protocol == Protocol.Tcp ? Protocol.Udp : Protocol.Tcp };
            return edge.Exposures.ContainsKey(other)
                ? new($"{port.Spoken} is not open on {state.Name}, but {other.Spoken} is.", $"unexpose {other}")
                : new($"{port.Spoken} is not open on {state.Name}.", "list");
        }

        var near = DidYouMean.Closest(endpoint.ToString(), edge.Exposures.Keys.Where(k => k.Web is not null).Select(k => k.ToString()));
        return near is null
            ? new($"{endpoint} is not open on {state.Name}.", "list")
            : new($"{endpoint} is not open on {state.Name}. Did you mean {near}?", $"unexpose {near}");
    }

    /// <summary>What of the gateway itself is on a port, or null.</summary>
    public static string? Reserved(Gateway gateway, PublicPort port) =>
        port switch
        {
            { Protocol: Protocol.Tcp } when port.Port == gateway.SshPort => "the SSH port",
            { Protocol: Protocol.Udp } when port.Port == gateway.WireGuardPort => "the WireGuard port",
            _ when port.Port == MyceliumPort => "the Mycelium port",
            _ => null,
        };

    // What the words say together makes no sense, whatever else is there.
    private static Refusal? Misfit(ExposureOpened e)
    {
        var options = e.Options ?? ExposureOptions.None;
        return (e.Endpoint.Web, options) switch
        {
            (null, { Certificate: not null, As: not Service.Postgres }) => new(
                "tls is for web addresses and PostgreSQL; a port passes TLS on to the VM as it is.",
                With(o => o with { Certificate = null })
            ),
            (_, { Ignoring: not null, As: not Service.Postgres }) => new(
                "ignoring is for PostgreSQL, whose clients say parameters when they connect.",
                With(o => o with { Ignoring = null })
            ),
            (null, { Passthrough: true }) => new(
                "passthrough is for web addresses; a port passes TLS on to the VM as it is.",
                With(o => o with { Passthrough = false })
            ),
            ({ } web, { Passthrough: true, Certificate: not null }) => new(
                $"tls ends TLS of {web.Host} at the gateway, passthrough leaves it to the VM: it is one or the other.",
                With(o => o with { Passthrough = false }),
                With(o => o with { Certificate = null })
            ),
            ({ Path.Length: > 0 } web, { Passthrough: true }) => new(
                $"the gateway does not see the path of what it passes through: passthrough is for all of {web.Host}.",
                Line(e with { Endpoint = new WebAddress(web.Host, "") })
            ),
            (null, { Grpc: true }) => new(
                "grpc is for web addresses; a port passes gRPC on to the VM as it is.",
                With(o => o with { Grpc = false })
            ),
            ({ }, { Passthrough: true, Grpc: true }) => new(
                "passthrough leaves everything within TLS to the VM, gRPC too; grpc is for TLS that ends at the gateway.",
                With(o => o with { Grpc = false })
            ),
            (null, { H2c: true }) => new(
                "h2c is for web addresses; a port passes HTTP/2 on to the VM as it is, with TLS and without.",
                With(o => o with { H2c = false })
            ),
            ({ }, { Passthrough: true, H2c: true }) => new(
                "passthrough leaves everything within TLS to the VM, HTTP/2 too; h2c is for a VM that speaks it without TLS.",
                With(o => o with { H2c = false }),
                With(o => o with { Passthrough = false })
            ),
            ({ }, { Grpc: true, H2c: true }) => new(
                "gRPC is HTTP/2 without TLS to the VM already: it is grpc for calls of gRPC alone, or h2c for every request.",
                With(o => o with { H2c = false }),
                With(o => o with { Grpc = false })
            ),
            ({ }, { Grpc: true, Certificate: null }) => new(
                "gRPC wants HTTP/2, which clients speak to a gateway over TLS: with a certificate there (tls NAME), or passed through to the VM.",
                With(o => o with { Grpc = false, Passthrough = true }),
                "help expose"
            ),
            ({ }, { Passthrough: true, SendsProxy: true }) => new(
                "proxy-protocol is for ports; a VM to which TLS is passed through by name sees the gateway as its client.",
                With(o => o with { SendsProxy = false, ProxyVersion = null }),
                "help expose"
            ),
            ({ }, { SendsProxy: true }) => new(
                "proxy-protocol is for ports; a web address tells the VM the client in X-Forwarded-For.",
                With(o => o with { SendsProxy = false, ProxyVersion = null })
            ),
            (null, { SendsProxy: true }) when e.Endpoint.Port!.Value.Protocol == Protocol.Udp => new(
                "the PROXY protocol is for TCP.",
                With(o => o with { SendsProxy = false, ProxyVersion = null })
            ),
            (_, { As: not null }) when e.Targets.Length > 1 => new("a service leads to one VM.", "help expose"),
            _ => null,
        };

        string With(Func<ExposureOptions, ExposureOptions> other) => Line(e with { Options = other(options) });
    }

    // All that it says but the end of its time, which the line that it came from says in words of its own.
    private static string Line(ExposureOpened e)
    {
        var words = e.Options?.Words ?? "";
        return e.Options?.As is null || e.Endpoint.Port is not { } port
            ? $"expose {string.Join(',', e.Targets)} on {e.Endpoint}{words}"
            : $"expose {string.Join(',', e.Targets)}{words} on {port.Port}";
    }

    // One dnsmasq and one pgbouncer a gateway: each has one port and one place to send what it does not know.
    private static Refusal? ServiceProblem(GatewayState state, Edge edge, ExposureOpened e)
    {
        if (e.Options?.As is not { } service)
            return null;
        if (service == Service.Sip && edge.Vms[e.Targets[0].Vm].Addresses.All(a => edge.Gateway!.InsideFor(a) is null))
            return RuleCheck.NoOverlay(state);
        if (service is not (Service.Dns or Service.Postgres))
            return null;
        var other = edge.Exposures.Values.FirstOrDefault(x =>
            x.Options.As == service && (x.Endpoint.Port?.Port != e.Endpoint.Port?.Port || !x.Targets.SequenceEqual(e.Targets))
        );
        if (other is null)
            return null;
        var leads = $"exposure #{other.Change} leads {other.Endpoint.Spoken} to {other.TargetText}";
        return service == Service.Dns
            ? new($"{state.Name} serves dns already: {leads}.", $"unexpose {other.Endpoint}", "list")
            : new(
                $"{state.Name} pools PostgreSQL of one server, whose users are the ones that may log in: {leads}. Another server is reached by a port of its own, without a pool.",
                Line(e with { Options = e.Options with { As = null, Certificate = null, Ignoring = null } }),
                $"unexpose {other.Endpoint}"
            );
    }

    private static Refusal? PortProblem(GatewayState state, Edge edge, ExposureOpened e, PublicPort port)
    {
        if (Reserved(edge.Gateway!, port) is { } holder)
            return new($"{port.Spoken} is {holder} of {state.Name}; it cannot be exposed.", Elsewhere(edge, e, port));
        if (WebOn(edge, port) is { } web)
            return new($"{port} is taken: web addresses share it, such as {web.Endpoint} (#{web.Change}).", Elsewhere(edge, e, port));
        if (!edge.Exposures.TryGetValue(port, out var taken))
            return null;
        var leads = $"exposure #{taken.Change} leads {port.Spoken} to {taken.TargetText}{SinceBy(state, taken.Change)}";
        return taken.Targets.SequenceEqual(e.Targets) && taken.Options.Endless == (e.Options ?? ExposureOptions.None).Endless
            ? new($"{port} is open already: {leads}.", $"show {taken.Change}")
            : new($"{port} is taken: {leads}.", $"unexpose {port}", Elsewhere(edge, e, port));
    }

    private static Refusal? WebProblem(GatewayState state, Edge edge, ExposureOpened e, WebAddress web)
    {
        if (edge.Exposures.TryGetValue(e.Endpoint, out var taken))
        {
            var leads = $"exposure #{taken.Change} leads it to {taken.TargetText}{SinceBy(state, taken.Change)}";
            return new($"{web} is taken: {leads}.", $"unexpose {web}");
        }

        var certificate = e.Options?.Certificate;
        foreach (var port in Exposure.PortsOf(web, e.Options ?? ExposureOptions.None))
        {
            if (edge.Exposures.TryGetValue(port, out var holder))
                return new(
                    $"{port} is taken: exposure #{holder.Change} leads {port.Spoken} to {holder.TargetText}; web addresses need it.",
                    $"unexpose {port}"
                );
        }

        // TLS is agreed on before the path is known. Plain HTTP of a name whose TLS is passed through does not get into its way.
        var neighbour = edge.Exposures.Values.FirstOrDefault(x => x.Endpoint.Web?.Host == web.Host && x.Options.Certificate != certificate);
        return neighbour is null
            ? null
            : new(
                $"{neighbour.Endpoint} {AnswerOf(neighbour.Options)}; one host name has one answer to TLS.",
                Line(
                    e with
                    {
                        Options = (e.Options ?? ExposureOptions.None) with
                        {
                            Certificate = neighbour.Options.Certificate,
                            Passthrough = neighbour.Options.Passthrough,
                        },
                    }
                )
            );
    }

    private static string AnswerOf(ExposureOptions options) =>
        options switch
        {
            { Certificate: { } certificate } => $"uses tls {certificate}",
            { Passthrough: true } => "passes TLS through to the VM",
            _ => "has no tls",
        };

    private static Exposure? WebOn(Edge edge, PublicPort port) =>
        port == WebPorts.Http || port == WebPorts.Https
            ? edge.Exposures.Values.FirstOrDefault(x => x.Endpoint.Web is not null && x.Ports.Contains(port))
            : null;

    // The VM's own port number is what people try next. Any other would be one that nobody has spoken of.
    private static string Elsewhere(Edge edge, ExposureOpened e, PublicPort port)
    {
        var own = port with { Port = e.Targets[0].Port };
        var isTaken =
            own == port || edge.Exposures.ContainsKey(own) || Reserved(edge.Gateway!, own) is not null || WebOn(edge, own) is not null;
        return isTaken ? "list" : Line(e with { Endpoint = own });
    }

    private static string SinceBy(GatewayState state, int change) =>
        state.Changes.TryGetValue(change, out var c) ? FormattableString.Invariant($" since {c.At:yyyy-MM-dd} ({c.By.Name})") : "";
}
