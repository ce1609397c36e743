using System.Collections.Immutable;

namespace ChatOps.Core.Domain.Changes;

/// <summary>What the key of an alert names after its kind.</summary>
public enum AlertSubject
{
    /// <summary>Nothing: it is about the gateway as a whole.</summary>
    Gateway,

    /// <summary>One public endpoint or more, as they are typed: <c>80,443</c>.</summary>
    Endpoints,

    /// <summary>A public endpoint and where it leads: <c>7000 vm3:7000</c>.</summary>
    Backend,

    /// <summary>A WireGuard peer of a gateway.</summary>
    Peer,

    /// <summary>A service of ours on the gateway.</summary>
    Service,

    /// <summary>A counter of the gateway's.</summary>
    Counter,

    /// <summary>A certificate on the gateway.</summary>
    Certificate,

    /// <summary>The number of a revision.</summary>
    Revision,
}

/// <summary>Where it is seen that an alert of a kind begins and ends.</summary>
public enum AlertSource
{
    /// <summary>In the log.</summary>
    Log,

    /// <summary>By asking the gateway at all.</summary>
    Reaching,

    /// <summary>In what the gateway says of itself.</summary>
    HealthCheck,

    /// <summary>In what it counts, compared with before.</summary>
    Trend,

    /// <summary>In the queue of nudges; a person ends it.</summary>
    Queue,
}

/// <summary>
/// What alerts are about: all kinds that there are, each with its name, how often it must be seen, what it names, and what is said when it
/// is over. Its name is the first word of an alert's key in the log, and storage format.
/// </summary>
public sealed class AlertKind
{
    private AlertKind(string key, AlertSource source, AlertSubject subject, Func<GatewayState, string, string> over) =>
        (Key, Source, Subject, _over) = (key, source, subject, over);

    private readonly Func<GatewayState, string, string> _over;

    /// <summary>No answer over SSH.</summary>
    public static AlertKind Unreachable { get; } =
        new("unreachable", AlertSource.Reaching, AlertSubject.Gateway, (s, _) => $"{s.Name} answers again") { Raise = 3 };

    /// <summary>Another host key answers.</summary>
    public static AlertKind Identity { get; } =
        new("identity", AlertSource.Reaching, AlertSubject.Gateway, (s, _) => $"{s.Name} shows its pinned host key again");

    /// <summary>Its program speaks another protocol.</summary>
    public static AlertKind Program { get; } =
        new("program", AlertSource.HealthCheck, AlertSubject.Gateway, (s, _) =>
            $"the program on {s.Name} and this one understand each other again"
        );

    /// <summary>It is not what the log says.</summary>
    public static AlertKind Drift { get; } =
        new("drift", AlertSource.HealthCheck, AlertSubject.Gateway, (s, _) => $"{s.Name} is again what the log says");

    /// <summary>It runs another revision than the log says.</summary>
    public static AlertKind Revision { get; } =
        new("revision", AlertSource.HealthCheck, AlertSubject.Gateway, (s, _) => $"{s.Name} runs what the log says") { Raise = 2 };

    /// <summary>It was offered a later revision than the log knows of.</summary>
    public static AlertKind Behind { get; } =
        new("behind", AlertSource.HealthCheck, AlertSubject.Revision, (s, revision) =>
            $"{s.Name} takes changes again, from revision {revision} on"
        )
        {
            Raise = 2,
        };

    /// <summary>It stopped half-way through a change or a boot.</summary>
    public static AlertKind Unfinished { get; } =
        new("unfinished", AlertSource.HealthCheck, AlertSubject.Gateway, (s, _) => $"{s.Name} runs what the log says") { Raise = 2 };

    /// <summary>A service of ours has failed.</summary>
    public static AlertKind Service { get; } =
        new("service", AlertSource.HealthCheck, AlertSubject.Service, (s, service) => $"{service} on {s.Name} runs again") { Raise = 2 };

    /// <summary>Its clock is off.</summary>
    public static AlertKind Clock { get; } =
        new("clock", AlertSource.HealthCheck, AlertSubject.Gateway, (s, _) => $"the clock of {s.Name} is right again") { Raise = 2 };

    /// <summary>Its table of connections is nearly full.</summary>
    public static AlertKind Conntrack { get; } =
        new("conntrack", AlertSource.HealthCheck, AlertSubject.Gateway, (s, _) => $"{s.Name} has room for connections again");

    /// <summary>What others have set up on it stops clients.</summary>
    public static AlertKind Others { get; } =
        new("others", AlertSource.HealthCheck, AlertSubject.Gateway, (s, _) => $"nothing of others on {s.Name} stops clients any more");

    /// <summary>A certificate ends soon, has ended, or is for other names.</summary>
    public static AlertKind Certificate { get; } =
        new("certificate", AlertSource.HealthCheck, AlertSubject.Certificate, (s, name) =>
            $"certificate {name} on {s.Name} is in order again"
        );

    /// <summary>A target does not answer.</summary>
    public static AlertKind Backend { get; } =
        new("backend", AlertSource.Trend, AlertSubject.Backend, (s, backend) => $"{backend} on {s.Name} answers again") { Clear = 2 };

    /// <summary>A peer is silent.</summary>
    public static AlertKind Peer { get; } =
        new("peer", AlertSource.Trend, AlertSubject.Peer, (s, peer) => $"peer {peer} of {s.Name} has shaken hands");

    /// <summary>Unusually many new connections to a port.</summary>
    public static AlertKind Rate { get; } =
        new("rate", AlertSource.Trend, AlertSubject.Endpoints, (s, port) => $"{port} on {s.Name} is as usual again")
        {
            Raise = 2,
            Clear = 2,
        };

    /// <summary>Unusually many packets are dropped.</summary>
    public static AlertKind Drops { get; } =
        new("drops", AlertSource.Trend, AlertSubject.Counter, (s, counter) => $"{counter} on {s.Name} is as usual again")
        {
            Raise = 2,
            Clear = 2,
        };

    /// <summary>What is open for a time closes soon: no trouble, but people may want to keep it open.</summary>
    public static AlertKind Expiry { get; } =
        new("expiry", AlertSource.Log, AlertSubject.Endpoints, AlertOver.Lifetime) { IsTrouble = false };

    /// <summary>What should be closed is open.</summary>
    public static AlertKind Overdue { get; } = new("overdue", AlertSource.Log, AlertSubject.Endpoints, AlertOver.Lifetime);

    /// <summary>A mirror does not follow.</summary>
    public static AlertKind Mirror { get; } = new("mirror", AlertSource.Log, AlertSubject.Gateway, (s, _) => $"{s.Name} follows again");

    /// <summary>A message in the queue of nudges could not be read.</summary>
    public static AlertKind Message { get; } =
        new("message", AlertSource.Queue, AlertSubject.Gateway, (s, _) => $"a person has seen it; {s.Name} is nudged anew");

    /// <summary>Every kind of alert that there is.</summary>
    public static ImmutableArray<AlertKind> All { get; } =
    [
        Unreachable,
        Identity,
        Program,
        Drift,
        Revision,
        Behind,
        Unfinished,
        Service,
        Clock,
        Conntrack,
        Others,
        Certificate,
        Backend,
        Peer,
        Rate,
        Drops,
        Expiry,
        Overdue,
        Mirror,
        Message,
    ];

    /// <summary>Its name, and the whole key of an alert about the gateway as a whole.</summary>
    public string Key { get; }

    /// <summary>Where it is seen.</summary>
    public AlertSource Source { get; }

    /// <summary>What its keys name.</summary>
    public AlertSubject Subject { get; }

    /// <summary>How many looks in a row must see it before it is told.</summary>
    public int Raise { get; private init; } = 1;

    /// <summary>How many looks in a row must not see it before it is over.</summary>
    public int Clear { get; private init; } = 1;

    /// <summary>False for what only wants to be known.</summary>
    public bool IsTrouble { get; private init; } = true;

    /// <summary>The key of an alert about something.</summary>
    public string About(string subject) => $"{Key} {subject}";

    /// <summary>What is said when it is over, without a full stop.</summary>
    public string Over(GatewayState state, string key) => AlertOver.Renamed(this, state, SubjectOf(key)) ?? _over(state, SubjectOf(key));

    /// <summary>The kind of a key; null for one that another version of this program has written.</summary>
    public static AlertKind? Of(string key) => All.FirstOrDefault(k => k.Key == NameIn(key));

    /// <summary>The name of a kind that a key begins with, whether we know it or not.</summary>
    public static string NameIn(string key) => key.Split(' ', 2)[0];

    /// <summary>What a key says after its kind; empty when it is about the gateway as a whole.</summary>
    public static string SubjectOf(string key) => key.Contains(' ', StringComparison.Ordinal) ? key.Split(' ', 2)[1] : "";

    /// <inheritdoc/>
    public override string ToString() => Key;
}
