using System.Collections.Immutable;
using ChatOps.Core.Application.Ports;
using ChatOps.Core.Application.Statistics;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Specs.Chat;

/// <summary>
/// Stands for a gateway where only the conversation is under test: it keeps revisions as the real one does and fails on request. What a
/// real gateway does is proved in the lab.
/// </summary>
internal sealed class ScriptedGateway : IGatewayClient
{
    private Revision _running;
    private Revision _confirmed;

    public GatewayAnswer.Refused? NextAnswer { get; set; }

    /// <summary>Why files cannot be switched to, by what they say; null when they can.</summary>
    public Func<string, GatewayAnswer.Refused?> Judge { get; set; } = _ => null;

    /// <summary>Told of every revision before the gateway does anything with it.</summary>
    public Action<Revision> Offered { get; set; } = _ => { };

    public string? Unreachable { get; set; }

    public string? NewConnectionsFail { get; set; }

    /// <summary>Targets at which no VM answers, as ADDRESS:PORT.</summary>
    public HashSet<string> Silent { get; } = [];

    /// <summary>What it says of its services.</summary>
    public Dictionary<string, string> Services { get; } = new() { ["nginx"] = "active", ["mycelium"] = "absent" };

    public DateTimeOffset? Clock { get; set; }

    public int Connections { get; set; } = 3;

    /// <summary>The protocol that its program speaks.</summary>
    public int Protocol { get; set; } = GatewayProtocol.Spoken;

    /// <summary>The latest revision that it was offered by anybody.</summary>
    public Revision Highest { get; set; }

    public WireGuardKey? WireGuardKey { get; set; }

    public ImmutableArray<Drift> Drift { get; set; } = [];

    public ImmutableArray<Standing> InTheWay { get; set; } = [];

    public ImmutableArray<CertificateSeen> Certificates { get; set; } = [];

    public ImmutableArray<HeldCertificate>? Held { get; set; }

    public GatewayStats Stats { get; set; } =
        new("boot", TimeSpan.FromHours(5), 12, [], ImmutableSortedDictionary<string, Volume>.Empty, [], [], 3, 65536);

    public List<Revision> Applied { get; } = [];

    public HostKey HostKey { get; } = Text.Parse<HostKey>("SHA256:uNiVztksCsDhcc0u9e8BrrJXVGDgq0mPWhuYQyQ6sBE");

    public Task<HostKey> ReadHostKeyAsync(Gateway gateway, CancellationToken cancel) => Reached(HostKey);

    public Task<GatewayAnswer> ApplyAsync(
        Gateway gateway,
        Revision revision,
        TimeSpan revertAfter,
        IReadOnlyDictionary<string, string> files,
        bool full,
        Action<string> onStep,
        CancellationToken cancel
    )
    {
        if (Unreachable is not null)
            return Reached<GatewayAnswer>(null!);
        if (GatewayProtocol.Problem(gateway.Name, Protocol) is { } problem)
            throw new GatewayProtocolException(problem);
        Offered(revision);
        onStep("validating");
        if (NextAnswer is { } refused)
        {
            NextAnswer = null;
            return Task.FromResult<GatewayAnswer>(refused with { Running = _confirmed });
        }

        if (revision.CompareTo(Highest) < 0)
            return Task.FromResult<GatewayAnswer>(
                new GatewayAnswer.Refused("fencing", "stale", $"revision {revision} is older than {Highest}", _confirmed)
                {
                    Highest = Highest,
                }
            );
        var judged = Judge(string.Concat(files.Values));
        if (judged is { Step: "validating" or "fencing" })
            return Task.FromResult<GatewayAnswer>(judged with { Running = _confirmed });
        onStep("switching");
        Highest = revision;
        if (judged is not null)
            return Task.FromResult<GatewayAnswer>(judged with { Running = _confirmed });
        _running = revision;
        Applied.Add(revision);
        return Task.FromResult<GatewayAnswer>(
            Done() with
            {
                Answering = [.. TargetsOf(files.GetValueOrDefault("exposures", "")).Except(Silent)],
            }
        );
    }

    public Task ProveNewConnectionAsync(Gateway gateway, CancellationToken cancel) =>
        NewConnectionsFail is { } why ? Task.FromException(new GatewayUnreachableException(why)) : Reached(true);

    public Task<GatewayAnswer> ConfirmAsync(Gateway gateway, Revision revision, CancellationToken cancel)
    {
        _confirmed = _running;
        return Reached<GatewayAnswer>(Done());
    }

    public Task<GatewayAnswer> RevertAsync(Gateway gateway, CancellationToken cancel)
    {
        _running = _confirmed;
        return Reached<GatewayAnswer>(Done());
    }

    public Task<GatewayObservation> ObserveAsync(Gateway gateway, CancellationToken cancel) =>
        Reached(
            Given.Observation() with
            {
                Running = _running,
                Confirmed = _confirmed,
                WireGuardKey = WireGuardKey,
                Services = Services.ToImmutableSortedDictionary(),
                ConntrackCount = Connections,
                Clock = Clock,
                Protocol = Protocol,
                InTheWay = InTheWay,
                Certificates = Certificates,
                Held = Held,
                Highest = Highest,
            }
        );

    public Task<ImmutableArray<Drift>> DriftAsync(Gateway gateway, CancellationToken cancel) => Reached(Drift);

    public Task<GatewayStats> StatsAsync(Gateway gateway, CancellationToken cancel) => Reached(Stats);

    private static IEnumerable<string> TargetsOf(string exposures) =>
        exposures
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(l => l.Split(' '))
            .Where(w => w[0] == "tcp")
            .Select(w => new Socket(Text.Parse<Address>(w[4]), Text.Parse<Port>(w[5])).ToString());

    private static GatewayAnswer.Done Done() => new([], ImmutableSortedDictionary<string, int>.Empty.Add("validating", 0));

    private Task<T> Reached<T>(T value) =>
        Unreachable is { } why ? Task.FromException<T>(new GatewayUnreachableException(why)) : Task.FromResult(value);
}
