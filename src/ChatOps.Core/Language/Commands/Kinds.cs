using System.Collections.Immutable;
using System.Globalization;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;
using ChatOps.Core.Language.Words;

namespace ChatOps.Core.Language.Commands;

/// <summary>The kinds of arguments that the catalogue uses.</summary>
internal static class Kinds
{
    private const int MaxText = 300;
    private const int MostChanges = 50;

    public static readonly ArgumentKind Targets = new(
        "VM:PORT[,VM:PORT...]",
        $"{VmEndpoint.Expected} (several with commas between them)",
        t => ReadTargets(t)
    );

    public static readonly ArgumentKind Endpoints = new(
        "PORT|HOST",
        "a port (1 to 65535, with /udp for UDP), a range, or a host name",
        t => ReadEndpoints(t),
        Explain: t => WhyNotEndpoints(t)
    );

    public static readonly ArgumentKind Asked = Of<AskedEndpoint>("PORT|HOST");
    public static readonly ArgumentKind PublicPort = Of<PublicPort>("PORT");
    public static readonly ArgumentKind Port = Of<Port>("PORT");
    public static readonly ArgumentKind Networks = Of<Networks>("NETWORK[,NETWORK]");
    public static readonly ArgumentKind Network = Of<Network>("NETWORK");
    public static readonly ArgumentKind SourcePool = Of<SourcePool>("ADDRESSES[:PORTS]");
    public static readonly ArgumentKind Rate = Of<Rate>("N/second");
    public static readonly ArgumentKind RateScope = new("each|all", "each (every source by itself) or all (all sources together)", t =>
        RateScopes.Read(t)
    );

    public static readonly ArgumentKind Certificate = Of<Name<Certificate>>("CERTIFICATE");
    public static readonly ArgumentKind StartupParameters = Of<StartupParameters>("PARAMETER[,PARAMETER]");
    public static readonly ArgumentKind For = new(
        "TIME",
        "a length of time, such as 30m, 2h, 2h30m or 7 days",
        t => Durations.Read(t) is { } span ? new Lifetime.For(span) : null,
        TakesWords: true
    );

    public static readonly ArgumentKind Until = new(
        "TIME",
        "a time to come, such as 18:00, friday, tomorrow 18:00 or 2026-12-01 09:00",
        t => TimePoint.Read(t) is { LiesAhead: true } point ? new Lifetime.Until(point) : null,
        TakesWords: true
    );

    public static readonly ArgumentKind Rule = new(
        "RULE",
        Domain.Gateways.Rule.Expected,
        t => t.Length <= MaxText && IsRule(t.Split(' ')) ? t.ToLowerInvariant() : null,
        TakesWords: true
    );

    public static readonly ArgumentKind Revision = new("REVISION", "the number of a revision", t =>
        int.TryParse(t, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? new Revision(number) : null
    );

    public static readonly ArgumentKind Service = new("dns|postgres|sftp|sip", "dns, postgres, sftp or sip", t =>
        Enum.TryParse<Service>(t, ignoreCase: true, out var service) && !char.IsAsciiDigit(t[0]) ? service : null
    );

    public static readonly ArgumentKind ProxyVersion = new(
        "v1|v2",
        "v1 or v2",
        t =>
            t.ToLowerInvariant() switch
            {
                "v1" => 1,
                "v2" => 2,
                _ => null,
            },
        Explain: t =>
            new(
                $"{(t.Length > 60 ? t[..60] + "..." : t)} is no version of the PROXY protocol: v1 is a line of text, as without a word, and v2 is binary.",
                "help expose"
            )
    );

    public static readonly ArgumentKind VmOrTarget = new("VM[:PORT]", "a VM, with or without its port, such as vm2:53", t =>
        VmEndpoint.TryParse(t, out var target) ? target
        : Name<Vm>.TryParse(t, out var vm) ? vm
        : null
    );

    public static readonly ArgumentKind Vm = Of<Name<Vm>>("VM");
    public static readonly ArgumentKind NewVm = Of<Name<Vm>>("NAME");
    public static readonly ArgumentKind OtherVm = Of<Name<Vm>>("NEW");
    public static readonly ArgumentKind Peer = Of<Name<Peer>>("NAME");
    public static readonly ArgumentKind OtherPeer = Of<Name<Peer>>("NEW");
    public static readonly ArgumentKind Gateway = Of<Name<Gateway>>("GATEWAY");
    public static readonly ArgumentKind NewGateway = Of<Name<Gateway>>("NAME");
    public static readonly ArgumentKind Address = Of<Address>("ADDRESS");
    public static readonly ArgumentKind Addresses = ListOf<Address>("ADDRESS[,ADDRESS]");
    public static readonly ArgumentKind Key = Of<WireGuardKey>("PUBLICKEY");
    public static readonly ArgumentKind Ssh = Of<SshPlace>("HOST[:PORT]|PORT");
    public static readonly ArgumentKind Login = Of<Login>("LOGIN");
    public static readonly ArgumentKind WireGuard = Of<WireGuardPlace>("ADDRESS/BITS[:PORT]");
    public static readonly ArgumentKind WireGuard6 = new("NETWORK6", "a private IPv6 network, such as fd77:1::/64", t =>
        Domain.Values.Network.TryParse(t, out var network) && network.Family == Family.IPv6 ? network : null
    );

    public static readonly ArgumentKind Interface = Of<InterfaceName>("INTERFACE");
    public static readonly ArgumentKind HostKey = Of<HostKey>("FINGERPRINT");
    public static readonly ArgumentKind Change = Of<ChangeRef>("N");
    public static readonly ArgumentKind Changes = new("N", ChangeRef.Expected, ReadChanges, TakesWords: true);
    public static readonly ArgumentKind PlanHash = new("HASH", "a plan's hash (64 hexadecimal digits)", t => IsHash(t) ? t : null);

    public static readonly ArgumentKind User = new("USER", "a person's name", t => t);

    public static readonly ArgumentKind Person = new("PERSON", "a person's name (in quotes when it has spaces)", t =>
        t.Length is > 0 and <= 64 ? t : null
    );

    public static readonly ArgumentKind Page = new("N", "a page (1 or more)", t =>
        int.TryParse(t, NumberStyles.None, CultureInfo.InvariantCulture, out var page) && page > 0 ? page : null
    );

    public static readonly ArgumentKind Why = new(
        "\"WHY\"",
        $"a reason of {MaxText} characters at most",
        // "..." stands where a reason is to come.
        t => t.Length is > 0 and <= MaxText && t is not ("..." or "…") ? t : null,
        TakesRest: true
    );

    public static readonly ArgumentKind VmOrEndpoint = new("VM|PORT|HOST", "the name of a VM, a port or a host name", t =>
        AskedEndpoint.TryParse(t, out var endpoint) ? endpoint
        : Name<Vm>.TryParse(t, out var vm) && !Wording.IsKeyword(t) ? vm
        : null
    );

    private static ArgumentKind Of<T>(string placeholder)
        where T : IText<T> => new(placeholder, T.Expected, t => T.TryParse(t, out var value) ? value : null);

    private static ArgumentKind ListOf<T>(string placeholder)
        where T : IText<T> => new(placeholder, $"{T.Expected} (several with commas between them)", text =>
        {
            var items = ImmutableArray.CreateBuilder<T>();
            foreach (var item in text.Split(','))
            {
                if (!T.TryParse(item, out var value))
                    return null;
                items.Add(value);
            }

            return items.ToImmutable();
        });

    // "4 5 6", "4, 5 and 6", "all": none for all.
    private static ChangeList? ReadChanges(string text)
    {
        if (text.Equals("all", StringComparison.OrdinalIgnoreCase))
            return new([]);
        var changes = ImmutableArray.CreateBuilder<ChangeRef>();
        foreach (
            var word in text.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries)
                .Where(w => !w.Equals("and", StringComparison.OrdinalIgnoreCase))
        )
        {
            if (!ChangeRef.TryParse(word, out var change) || changes.Count == MostChanges)
                return null;
            changes.Add(change);
        }

        return changes.Count == 0 ? null : new([.. changes.Distinct()]);
    }

    // vm2:80,443 means two ports of vm2; vm1:9000-9009 all of them.
    private static ImmutableArray<VmEndpoint>? ReadTargets(string text)
    {
        var targets = ImmutableArray.CreateBuilder<VmEndpoint>();
        Name<Vm>? vm = null;
        foreach (var item in text.Split(','))
        {
            var colon = item.LastIndexOf(':');
            if (colon >= 0)
            {
                if (!Name<Vm>.TryParse(item[..colon], out var name))
                    return null;
                vm = name;
            }

            if (vm is not { } on || !PortRange.TryParse(item[(colon + 1)..], out var range))
                return null;
            targets.AddRange(range.All.Select(p => new VmEndpoint(on, p)));
        }

        return targets.ToImmutable();
    }

    private static ImmutableArray<PublicEndpoint>? ReadEndpoints(string text)
    {
        var endpoints = ImmutableArray.CreateBuilder<PublicEndpoint>();
        foreach (var item in text.Split(','))
        {
            var (range, protocol) =
                item.EndsWith("/udp", StringComparison.OrdinalIgnoreCase) ? (item[..^4], Protocol.Udp)
                : item.EndsWith("/tcp", StringComparison.OrdinalIgnoreCase) ? (item[..^4], Protocol.Tcp)
                : (item, Protocol.Tcp);
            if (PortRange.TryParse(range, out var ports))
                endpoints.AddRange(ports.All.Select(p => (PublicEndpoint)new PublicPort(protocol, p)));
            else if (WebAddress.TryParse(item, out var web))
                endpoints.Add(web);
            else
                return null;
        }

        return endpoints.ToImmutable();
    }

    // What a browser shows says more than where: that there is TLS, and the certificate has a name here.
    private static Refusal? WhyNotEndpoints(string text) =>
        text.StartsWith("https://", StringComparison.OrdinalIgnoreCase) && WebAddress.TryParse(text["https://".Length..], out var web)
            ? new(
                $"{text} wants a certificate, which has a name here: on {web} tls NAME. Without one it is plain HTTP: on {web}.",
                "help expose"
            )
            : null;

    // A rule or its key: what else is said of it is another rule's.
    private static bool IsRule(string[] words) =>
        words.Length > 1
        && words[0].ToLowerInvariant() switch
        {
            "allow" => words.Length is 3 or 4,
            "block" => Domain.Values.Network.TryParse(words[1], out _),
            "limit" => Domain.Values.PublicPort.TryParse(words[1], out _),
            "map" => Domain.Values.Address.TryParse(words[1], out _),
            "snat" => Name<Vm>.TryParse(words[1], out _),
            _ => false,
        };

    private static bool IsHash(string text) => text.Length == 64 && text.All(char.IsAsciiHexDigitLower);
}

internal sealed record ChangeList(ImmutableArray<ChangeRef> Changes);
