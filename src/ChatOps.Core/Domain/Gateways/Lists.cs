using ChatOps.Core.Domain.Values;

namespace ChatOps.Core.Domain.Gateways;

/// <summary>Lists with runs of ports written as ranges, in their order: <c>vm1:9000-9009,vm2:80</c>, <c>19000-19009,53/udp</c>.</summary>
public static class Lists
{
    /// <summary>Endpoints as typed.</summary>
    public static string Text(IEnumerable<PublicEndpoint> endpoints) =>
        Join(
            endpoints,
            e => e.Port?.Port,
            (first, last) => first.Port?.Protocol == last.Port?.Protocol,
            (e, range) => e.Port is { } port ? $"{range}{Ending(port)}" : e.ToString()
        );

    /// <summary>Endpoints as people read them in a sentence: <c>tcp 19000-19009</c>.</summary>
    public static string Spoken(IEnumerable<PublicEndpoint> endpoints) =>
        Join(
            endpoints,
            e => e.Port?.Port,
            (first, last) => first.Port?.Protocol == last.Port?.Protocol,
            (e, range) => e.Port is { } port ? $"{port.ProtocolName} {range}" : e.ToString(),
            ", "
        );

    /// <summary>Targets as typed.</summary>
    public static string Text(IEnumerable<VmEndpoint> targets) =>
        Join(targets, t => t.Port, (first, last) => first.Vm == last.Vm, (t, range) => $"{t.Vm}:{range}");

    private static string Ending(PublicPort port) => port.Protocol == Protocol.Udp ? "/udp" : "";

    private static string Join<T>(
        IEnumerable<T> items,
        Func<T, Port?> portOf,
        Func<T, T, bool> together,
        Func<T, string, string> write,
        string comma = ","
    )
    {
        var parts = new List<string>();
        var (first, last) = (default(T)!, (Port?)null);
        var count = 0;
        foreach (var item in items)
        {
            var port = portOf(item);
            if (count > 0 && port is { } next && last is { } before && next.Number == before.Number + 1 && together(first, item))
            {
                last = port;
                continue;
            }

            if (count++ > 0)
                parts.Add(Written());
            (first, last) = (item, port);
        }

        if (count > 0)
            parts.Add(Written());
        return string.Join(comma, parts);

        string Written() => write(first, portOf(first) is { } from && last is { } to ? new PortRange(from, to).ToString() : "");
    }
}

/// <summary>The ports of the services that the gateway knows more about.</summary>
internal static class ServicePorts
{
    public static Port Inside(Service service) =>
        new(
            service switch
            {
                Service.Dns => 53,
                Service.Postgres => 5432,
                Service.Sftp => 22,
                _ => 5060,
            }
        );

    /// <summary>The public ports: the one that is said, or the usual one; DNS and SIP use both protocols.</summary>
    /// <param name="on">The port that is said, or null.</param>
    public static IEnumerable<PublicPort> Public(Service service, Port? on)
    {
        // 22 is the gateway's own sshd.
        var port = on ?? (service == Service.Sftp ? new Port(2222) : Inside(service));
        yield return new(Protocol.Tcp, port);
        if (service is Service.Dns or Service.Sip)
            yield return new(Protocol.Udp, port);
    }
}
