namespace ChatOps.Gateway.Checking;

/// <summary>One kind of file of a bundle: which statements it has, and what is asked of them beyond their form.</summary>
internal sealed class Format(string file, Section root, Func<Declared, Examiner> examine, char comment = '#')
{
    public string File { get; } = file;

    /// <summary>Statements without which a program does something that nobody has written: it listens elsewhere, writes a log, reads other
    /// files. Each with the statement that makes it needed, "" where it always is.</summary>
    public IReadOnlyList<(string When, string Statement)> Needs { get; init; } = [];

    public static IReadOnlyList<(string When, string Statement)> Always(params string[] statements) => [.. statements.Select(s => ("", s))];

    /// <summary>Statements of which none is there without the others.</summary>
    public static IReadOnlyList<(string When, string Statement)> Together(params string[] statements) =>
        [.. from when in statements from statement in statements where when != statement select (when, statement)];

    /// <summary>What is wrong with the file, or null. <paramref name="seen"/> is called for every statement that was understood.</summary>
    public Fault? Check(ReadOnlySpan<byte> text, Declared declared, Action<Statement>? seen = null)
    {
        var examiner = examine(declared);
        var said = new HashSet<string>(Needs.Count);
        var reason = Statements.Read(
            text,
            root,
            declared.Machine,
            statement =>
            {
                seen?.Invoke(statement);
                if (Needs.Count > 0)
                    said.Add(statement.Text);
                return examiner.Look(statement);
            },
            comment
        );
        reason ??= examiner.End();
        if (
            reason is null
            && Needs.FirstOrDefault(n => (n.When.Length == 0 || said.Contains(n.When)) && !said.Contains(n.Statement))
                is { Statement: { } missing }
        )
            reason = $"should say: {Pattern.Of(missing)}";
        return reason is null ? null : new Fault(File, reason);
    }
}

/// <summary>Looks at the statements of one file. This one finds them good as they are.</summary>
internal class Examiner
{
    /// <summary>What a statement says against itself, or null.</summary>
    public virtual string? Look(Statement statement) => null;

    /// <summary>What is wrong with the file as a whole, with "line N: " where it is about a line; or null.</summary>
    public virtual string? End() => null;
}

/// <summary>What a bundle says itself about what its files are to do: whatever a file says more is refused.</summary>
internal sealed class Declared
{
    // By family, protocol and port, which are 18 bits: the first exposure there, and of each the next one there; a hash of 50,000 costs ten
    // times as much.
    private readonly IReadOnlyList<Exposure> _exposures;
    private readonly int[] _first = new int[1 << 18];
    private readonly int[] _next;
    private readonly HashSet<Listener> _listeners;
    private readonly HashSet<string>? _rules;

    // Where HAProxy listens for all that is relayed, by family.
    private readonly Dictionary<int, int> _relays = [];

    // Who may go out, and who has a public address to go out by.
    private readonly HashSet<string> _out = [];

    /// <summary>Declarations of a bundle. Without rules (null) nothing is compared with them.</summary>
    public Declared(Machine machine, IReadOnlyList<Exposure> exposures, IEnumerable<Listener> listeners, IEnumerable<string>? rules)
    {
        Machine = machine;
        _exposures = exposures;
        _next = new int[exposures.Count + 1];

        // Counted from 1, so that 0 is none.
        for (var i = 1; i <= exposures.Count; i++)
        {
            var x = exposures[i - 1];
            ref var first = ref _first[SlotOf(x.Protocol, x.Family, x.Port)];
            (_next[i], first) = (first, i);
        }

        _listeners = [.. listeners];
        _rules = rules is null ? null : [.. rules];
        foreach (var rule in _rules ?? [])
        {
            if (rule.StartsWith("egress ", StringComparison.Ordinal) || rule.StartsWith("map ", StringComparison.Ordinal))
                _out.Add(rule[(rule.LastIndexOf(' ') + 1)..]);
        }

        foreach (
            var relays in _listeners.Where(l => l is { Protocol: Protocol.Tcp, Engine: "haproxy" } && !IsExposed(l)).GroupBy(l => l.Family)
        )
        {
            if (relays.Count() == 1 && exposures.Any(x => x.Engine == "relay" && x.Family == relays.Key))
                _relays[relays.Key] = relays.First().Port;
        }
    }

    /// <summary>The peers of which "secrets" has a preshared key; null: nothing is compared with them.</summary>
    public IReadOnlySet<string>? Sealed { get; init; }

    /// <summary>The peers for which "wg0.conf" wants one; null: nothing is compared with them.</summary>
    public IReadOnlySet<string>? Preshared { get; init; }

    public Machine Machine { get; }

    /// <summary>True when "exposures" asks for the listener.</summary>
    public bool IsExposed(Listener listener) => IsCarried(listener.Engine, listener.Protocol, listener.Family, listener.Port);

    /// <summary>True for HAProxy's one listener of a family for all ports that are relayed, which is not one of them itself.</summary>
    public bool IsRelay(Listener listener) =>
        listener is { Protocol: Protocol.Tcp, Engine: "haproxy" }
        && _relays.TryGetValue(listener.Family, out var port)
        && port == listener.Port;

    /// <summary>Why a port is not where the relay of a family listens; null when "listeners" says that it does.</summary>
    public string? WhyNotRelay(int family, int port) =>
        _relays.TryGetValue(family, out var relay) && relay == port
            ? null
            : $"listeners does not have: tcp {family} {port} haproxy, for what is relayed";

    /// <summary>The same for the firewall, which names the port also when nothing is relayed.</summary>
    public string? WhyNotRelay(int port) =>
        _relays.Values.FirstOrDefault(port) == port ? null : $"what is relayed goes to {_relays.Values.First()}, not to {port}";

    /// <summary>Why a port is not relayed; null when "exposures" says that it is.</summary>
    public string? WhyNotRelayed(Protocol protocol, int family, int port) =>
        IsCarried("relay", protocol, family, port) ? null : $"exposures does not relay {Rows.NameOf(protocol)} {port} (IPv{family})";

    /// <summary>Why an engine may not lead clients of a family from a public port to a target; null when "exposures" says that it
    /// does.</summary>
    public string? WhyNotLead(string engine, Protocol protocol, int family, int port, (Ip Address, int Port) target) =>
        Leads(engine, protocol, family, port, target)
            ? null
            : $"exposures does not have: {Rows.NameOf(protocol)} {port} {engine} {family} {target.Address} {target.Port}";

    /// <summary>The same for a port of either family; null when it is for one of them.</summary>
    public string? WhyNotLead(string engine, Protocol protocol, int port, (Ip Address, int Port) target) =>
        WhyNotLead(engine, protocol, 4, port, target) is { } why && WhyNotLead(engine, protocol, 6, port, target) is not null ? why : null;

    /// <summary>Why an engine may not hold a port; null when "listeners" says that it does.</summary>
    public string? WhyNotListen(string engine, Protocol protocol, int family, int port) =>
        _listeners.Contains(new Listener(protocol, family, port, engine))
            ? null
            : $"listeners does not have: {Rows.NameOf(protocol)} {family} {port} {engine}";

    public string? WhyNotListen(string engine, Protocol protocol, int port) =>
        WhyNotListen(engine, protocol, 4, port) is { } why && WhyNotListen(engine, protocol, 6, port) is not null ? why : null;

    /// <summary>Why a port is not one that a proxy answers; null when "listeners" has one for it. unbound answers no public port.</summary>
    public string? WhyNotProxied(Protocol protocol, int family, int port) =>
        IsCarried("relay", protocol, family, port)
        || Array.Exists(Rows.Proxies, engine => engine != "unbound" && _listeners.Contains(new Listener(protocol, family, port, engine)))
            ? null
            : $"listeners has no proxy for {Rows.NameOf(protocol)} {port} (IPv{family})";

    /// <summary>Why a rule is not in force; null when "rules" has one of these lines, or is not known.</summary>
    public string? WhyNotRule(params ReadOnlySpan<string> lines)
    {
        if (_rules is null)
            return null;
        foreach (var line in lines)
        {
            if (_rules.Contains(line))
                return null;
        }

        return $"rules does not have: {lines[0]}";
    }

    /// <summary>Why an address may not go out; null when "rules" lets it, or gives it a public address of its own, or is not
    /// known.</summary>
    public string? WhyNotOut(string address) => _rules is null || _out.Contains(address) ? null : $"rules does not have: egress {address}";

    private bool IsCarried(string engine, Protocol protocol, int family, int port)
    {
        for (var i = _first[SlotOf(protocol, family, port)]; i > 0; i = _next[i])
        {
            if (_exposures[i - 1].Engine == engine)
                return true;
        }

        return false;
    }

    private bool Leads(string engine, Protocol protocol, int family, int port, (Ip Address, int Port) target)
    {
        for (var i = _first[SlotOf(protocol, family, port)]; i > 0; i = _next[i])
        {
            var x = _exposures[i - 1];
            if (x.TargetPort == target.Port && x.Engine == engine && Ip.TryRead(x.Address, out var address) && address == target.Address)
                return true;
        }

        return false;
    }

    private static int SlotOf(Protocol protocol, int family, int port) =>
        port | (protocol == Protocol.Tcp ? 1 << 16 : 0) | (family == 4 ? 1 << 17 : 0);
}
