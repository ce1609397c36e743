using System.Collections.Immutable;
using ChatOps.Core.Application.Statistics;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Core.Application.Ports;

/// <summary>The way to a gateway: the verbs of its program, over a connection that trusts only the pinned host key.</summary>
public interface IGatewayClient
{
    /// <summary>The host key that the gateway shows, before any is pinned. Nothing is sent to it.</summary>
    /// <exception cref="GatewayUnreachableException">No answer.</exception>
    Task<HostKey> ReadHostKeyAsync(Gateway gateway, CancellationToken cancel);

    /// <summary>
    /// Validates the revision's files, arms the revert timer and switches. When the answer is a failure, the old revision runs. When this
    /// throws, nobody knows: ask again with the same revision.
    /// </summary>
    /// <param name="revertAfter">After how long the gateway puts the old revision back unless it is confirmed.</param>
    /// <param name="files">All files of the revision, by name. How much of them must travel is the shell's affair.</param>
    /// <param name="full">Loads all of it anew, also what has not changed: that mends what somebody did by hand.</param>
    /// <param name="onStep">Told when the gateway comes to <c>validating</c> and <c>switching</c>, while it works.</param>
    /// <param name="cancel">Gives up waiting; the gateway goes on.</param>
    /// <exception cref="GatewayUnreachableException">No connection, or it was lost.</exception>
    /// <exception cref="HostKeyMismatchException">Another machine answers.</exception>
    /// <exception cref="GatewayProtocolException">Its program and this one do not understand each other; nothing was sent.</exception>
    Task<GatewayAnswer> ApplyAsync(
        Gateway gateway,
        Revision revision,
        TimeSpan revertAfter,
        IReadOnlyDictionary<string, string> files,
        bool full,
        Action<string> onStep,
        CancellationToken cancel
    );

    /// <summary>
    /// Proves that a client who comes anew reaches the gateway's sshd: it logs in on a fresh connection, over which what is sent next goes.
    /// </summary>
    /// <exception cref="GatewayUnreachableException">It does not.</exception>
    /// <exception cref="HostKeyMismatchException">Another machine answers.</exception>
    Task ProveNewConnectionAsync(Gateway gateway, CancellationToken cancel);

    /// <summary>Makes the running revision the one to come back to, and stops its revert timer.</summary>
    /// <exception cref="GatewayUnreachableException">No connection, or it was lost.</exception>
    Task<GatewayAnswer> ConfirmAsync(Gateway gateway, Revision revision, CancellationToken cancel);

    /// <summary>Puts the confirmed revision back now.</summary>
    /// <exception cref="GatewayUnreachableException">No connection, or it was lost.</exception>
    Task<GatewayAnswer> RevertAsync(Gateway gateway, CancellationToken cancel);

    /// <summary>What the gateway is and does at this moment.</summary>
    /// <exception cref="GatewayUnreachableException">No connection, or it was lost.</exception>
    Task<GatewayObservation> ObserveAsync(Gateway gateway, CancellationToken cancel);

    /// <summary>What is not as the confirmed revision says, in files, rules, services and settings of ours; it changes nothing.</summary>
    /// <exception cref="GatewayUnreachableException">No connection, or it was lost; or a change is going on, and it cannot be
    /// told.</exception>
    Task<ImmutableArray<Drift>> DriftAsync(Gateway gateway, CancellationToken cancel);

    /// <summary>What has passed through the gateway, and how what it runs on is.</summary>
    /// <exception cref="GatewayUnreachableException">No connection, or it was lost.</exception>
    Task<GatewayStats> StatsAsync(Gateway gateway, CancellationToken cancel);
}

/// <summary>Something on a gateway that is not as its confirmed revision says.</summary>
/// <param name="What">A file's name, <c>nftables</c>, <c>wireguard</c>, <c>sysctl</c>, <c>listeners</c>, or a service's name.</param>
/// <param name="Diff">A unified difference from what was confirmed to what is, at most 8 KiB and without keys; for a service a
/// sentence.</param>
public sealed record Drift(string What, string Diff);

/// <summary>What the gateway's program answered to a verb.</summary>
public abstract record GatewayAnswer
{
    private GatewayAnswer() { }

    /// <summary>Done. <paramref name="Notes"/> are sentences for people; <paramref name="Steps"/> are milliseconds by step.</summary>
    public sealed record Done(ImmutableArray<string> Notes, ImmutableSortedDictionary<string, int> Steps) : GatewayAnswer
    {
        /// <summary>
        /// To an apply: which TCP targets that are new answered the gateway, as ADDRESS:PORT; it tries the first of them only.
        /// </summary>
        public ImmutableArray<string> Answering { get; init; } = [];

        /// <summary>To an apply: true where there are files only, and nothing to switch on.</summary>
        public bool IsOnFileOnly { get; init; }

        /// <summary>To an apply: who on the gateway stands in the way of clients of what was opened.</summary>
        public ImmutableArray<Standing> Stopped { get; init; } = [];

        /// <summary>To an apply that touched web addresses: the certificates of all of them.</summary>
        public ImmutableArray<CertificateSeen> Certificates { get; init; } = [];

        /// <summary>To a confirm: how long ago the revision was confirmed first.</summary>
        public TimeSpan Age { get; init; }
    }

    /// <summary>Not done, and <paramref name="Running"/> runs as before.</summary>
    /// <param name="Step">Where it stopped: locking, fencing, validating, switching, confirming.</param>
    /// <param name="Code">What kind, when the program says so: <c>stale</c>, <c>port-held</c>, <c>reverted</c>, <c>busy</c>; else
    /// empty.</param>
    /// <param name="Error">What the machine said.</param>
    /// <param name="Running">The revision that runs.</param>
    public sealed record Refused(string Step, string Code, string Error, Revision Running) : GatewayAnswer
    {
        /// <summary>The latest revision that it was offered; it takes nothing older.</summary>
        public Revision Highest { get; init; }
    }
}

/// <summary>What a gateway said of itself.</summary>
/// <param name="Running">The revision that is switched on.</param>
/// <param name="Confirmed">The revision that it comes back to.</param>
/// <param name="BootId">Changes at each boot.</param>
/// <param name="Load">The load average of the last minute, times 100.</param>
/// <param name="Services">States by service: nftables, nginx, haproxy, wireguard, udprelay, dnsmasq, pgbouncer, kamailio, unbound,
/// tayga.</param>
/// <param name="Handshakes">Time of the last handshake by peer key; absent when there was none.</param>
/// <param name="ConntrackMax">How many it can track.</param>
/// <param name="WireGuardKey">The gateway's own public key, or null.</param>
/// <param name="Overlay">Its address on the Mycelium overlay; null when it has none.</param>
/// <param name="Clock">The time by its own clock; null when it does not say.</param>
/// <param name="IsUnfinished">True when a boot or a change has died half-way: what runs may differ from the revision.</param>
/// <param name="Protocol">The protocol that its program speaks; see <see cref="GatewayProtocol"/>.</param>
/// <param name="InTheWay">Who on it stands in the way of clients.</param>
/// <param name="Certificates">What its web addresses use.</param>
/// <param name="Highest">The latest revision that it was offered; it takes nothing older.</param>
/// <param name="Held">The certificates that lie on it, used or not; null when its program does not say.</param>
/// <param name="IsFolder">True for a folder in the place of a machine: its files are there, and nothing of them runs.</param>
public sealed record GatewayObservation(
    Revision Running,
    Revision Confirmed,
    string BootId,
    TimeSpan Uptime,
    int Load,
    ImmutableSortedDictionary<string, string> Services,
    ImmutableDictionary<string, DateTimeOffset> Handshakes,
    int ConntrackCount,
    int ConntrackMax,
    WireGuardKey? WireGuardKey,
    Address? Overlay = null,
    DateTimeOffset? Clock = null,
    bool IsUnfinished = false,
    int Protocol = GatewayProtocol.Spoken,
    ImmutableArray<Standing> InTheWay = default,
    ImmutableArray<CertificateSeen> Certificates = default,
    Revision Highest = default,
    ImmutableArray<HeldCertificate>? Held = null,
    bool IsFolder = false
)
{
    /// <summary>Who on it stands in the way of clients; empty when nobody does, or nobody could look.</summary>
    public ImmutableArray<Standing> InTheWay { get; init; } = InTheWay.IsDefault ? [] : InTheWay;

    /// <summary>What its web addresses and PostgreSQL use; empty when there are none.</summary>
    public ImmutableArray<CertificateSeen> Certificates { get; init; } = Certificates.IsDefault ? [] : Certificates;
}

/// <summary>A certificate that a web address uses, or PostgreSQL.</summary>
/// <param name="Name">Its name on the gateway.</param>
/// <param name="Host">The web address's host; empty for PostgreSQL, whose clients may ask for any.</param>
/// <param name="Begins">From when it holds.</param>
/// <param name="IsForHost">Whether it is for this host.</param>
public sealed record CertificateSeen(string Name, string Host, DateTimeOffset Begins, DateTimeOffset Ends, bool IsForHost)
{
    /// <summary>True for a web address's.</summary>
    public bool IsOfWeb => Host.Length > 0;

    /// <summary>Why browsers do not take it, as a sentence without a full stop; null when they do.</summary>
    public string? WhyRefused(DateTimeOffset now) => AgeAt(now) is CertificateAge.Ends && IsForHost ? null : Trouble(now);

    /// <summary>The same, or that it ends soon.</summary>
    public string? Trouble(DateTimeOffset now) =>
        IsForHost ? HeldCertificate.Words(Name, AgeAt(now), Begins, Ends) : $"certificate {Name} is not for {Host}";

    private CertificateAge AgeAt(DateTimeOffset now) => HeldCertificate.AgeOf(Begins, Ends, now);
}

/// <summary>That clients do not get to a public port, because of what somebody else has set up on the gateway.</summary>
/// <param name="Port">The port; null for any.</param>
/// <param name="Family">The family of the clients' addresses.</param>
/// <param name="IsTaken">True when they get to somebody else's.</param>
/// <param name="By">The rule or the chain.</param>
public sealed record Standing(PublicPort? Port, Family Family, bool IsTaken, string By)
{
    /// <summary>A sentence without a full stop.</summary>
    public string InWords =>
        $"{Family} clients {(Port is { } port ? $"of {port.Spoken} " : "")}{(IsTaken ? "get to somebody else's" : "are stopped")}, by what others have set up: {By}";
}

/// <summary>No connection to the gateway, or it was lost: what happened there is unknown.</summary>
public class GatewayUnreachableException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>The machine that answers is not the one whose key was pinned. Never retried silently.</summary>
public sealed class HostKeyMismatchException(string message, HostKey seen) : Exception(message)
{
    /// <summary>The key that was shown.</summary>
    public HostKey Seen { get; } = seen;
}
