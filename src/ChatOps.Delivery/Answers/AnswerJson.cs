using System.Text.Json.Serialization;

namespace ChatOps.Delivery.Answers;

internal sealed record OkJson(bool Ok);

/// <summary>Any verb's answer when it was not done; <paramref name="Running"/> is absent when it failed before it had looked.</summary>
internal sealed record FailureJson(
    string Step,
    string Error,
    int? Running = null,
    string? Code = null,
    string? File = null,
    long Highest = 0
);

/// <summary>The answer to <c>apply</c>; <paramref name="Ms"/> are milliseconds by step.</summary>
internal sealed record AppliedJson(
    int Revision,
    string State,
    int Running,
    Dictionary<string, int> Ms,
    TargetJson[]? Targets = null,
    StandingJson[]? Stopped = null,
    CertificateJson[]? Certificates = null
);

/// <summary>A certificate that a web address uses; times in seconds since 1970.</summary>
internal sealed record CertificateJson(string Name, string Host, long Begins, long Ends, bool Covers);

/// <summary>Who stands in the way of clients of a family: port 0 is any. <paramref name="Taken"/>: they get to somebody else's.</summary>
internal sealed record StandingJson(string Protocol, int Port, int Family, bool Taken, string By);

/// <summary>A VM endpoint that the gateway tried to reach.</summary>
internal sealed record TargetJson(string Target, bool Answers);

/// <summary>The answer to <c>confirm</c>; <paramref name="AgeS"/> are the seconds since the first one.</summary>
internal sealed record ConfirmedJson(int Revision, string State, long AgeS = 0);

/// <summary>The answer to <c>revert</c>.</summary>
internal sealed record RevertedJson(int Running);

/// <summary>The answer to <c>version</c>.</summary>
internal sealed record VersionJson(int Protocol);

/// <summary>The answer to <c>observe</c>.</summary>
internal sealed record ObservedJson(
    int Running,
    int Confirmed,
    string Boot,
    double UptimeS,
    double[] Load,
    Dictionary<string, string> Services,
    ConntrackJson Conntrack,
    PeerJson[]? Peers = null,
    string? WireguardPublicKey = null,
    string? Mycelium = null,
    long? Time = null,
    bool Unfinished = false,
    StandingJson[]? InTheWay = null,
    CertificateJson[]? Certificates = null,
    HeldCertificateJson[]? HeldCertificates = null,
    long Highest = 0
);

/// <summary>A certificate that lies on the gateway, used or not; times in seconds since 1970.</summary>
internal sealed record HeldCertificateJson(string Name, long Begins, long Ends, string[] Hosts);

/// <summary>A WireGuard peer; <paramref name="Handshake"/> is in seconds since 1970, 0 when there was none.</summary>
internal sealed record PeerJson(string Key, long Handshake);

internal sealed record ConntrackJson(int Count, int Max);

/// <summary>The answer to <c>drift</c>.</summary>
internal sealed record DriftedJson(DriftJson[] Drift);

/// <summary>Something that is not as it should be.</summary>
internal sealed record DriftJson(string What, string Diff);

/// <summary>
/// The answer to <c>stats</c>. <paramref name="Ports"/> has a row a port of numbers: family (4, 6), protocol (6 tcp, 17 udp), port, packets
/// and bytes in, packets and bytes out, connections opened, connections open; <paramref name="Counters"/> packets and bytes by name.
/// </summary>
internal sealed record StatsJson(
    string Boot,
    double UptimeS,
    double[] Load,
    long[][] Ports,
    Dictionary<string, long[]> Counters,
    PeerTrafficJson[] Peers,
    BackendJson[] Backends,
    ConntrackJson Conntrack
);

/// <summary>A WireGuard peer and its bytes; <paramref name="Handshake"/> as above.</summary>
internal sealed record PeerTrafficJson(string Key, long Handshake, long Rx, long Tx);

internal sealed record BackendJson(string Listener, string Server, bool Up, int Current, long Total);

/// <summary>
/// What is required is required by the records above; what they do not name is ignored, so that the program may say more.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true
)]
[JsonSerializable(typeof(OkJson))]
[JsonSerializable(typeof(FailureJson))]
[JsonSerializable(typeof(AppliedJson))]
[JsonSerializable(typeof(ConfirmedJson))]
[JsonSerializable(typeof(RevertedJson))]
[JsonSerializable(typeof(VersionJson))]
[JsonSerializable(typeof(ObservedJson))]
[JsonSerializable(typeof(DriftedJson))]
[JsonSerializable(typeof(StatsJson))]
internal sealed partial class AnswerContext : JsonSerializerContext;
