using System.Collections.Immutable;
using System.Text.Json.Serialization;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Core.Domain.Gateways;

/// <summary>Who speaks behind an exposure, where the gateway does more for it than passing bytes on.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Service>))]
public enum Service
{
    /// <summary>DNS: dnsmasq forwards and caches.</summary>
    [JsonStringEnumMemberName("dns")]
    Dns,

    /// <summary>PostgreSQL: pgbouncer pools connections.</summary>
    [JsonStringEnumMemberName("postgres")]
    Postgres,

    /// <summary>SFTP: HAProxy, which asks the VM's sshd for its banner.</summary>
    [JsonStringEnumMemberName("sftp")]
    Sftp,

    /// <summary>SIP: kamailio relays.</summary>
    [JsonStringEnumMemberName("sip")]
    Sip,
}

/// <summary>The file name of a certificate on the gateway; only its type is used.</summary>
public sealed class Certificate
{
    private Certificate() { }
}

/// <summary>How an exposure differs from a plain one. What is null or false is not stored.</summary>
/// <param name="From">The only networks that reach it; null for all.</param>
/// <param name="Until">When it is closed by itself; null for never.</param>
/// <param name="Certificate">A web address or PostgreSQL: the certificate that TLS uses; null for none.</param>
/// <param name="SendsProxy">True when the VM is told the client's address by a PROXY protocol header.</param>
/// <param name="As">Who speaks there; null when bytes are passed on as they are.</param>
/// <param name="For">How long it is to be open, while it is not: when the gateway confirms it, this becomes
/// <paramref name="Until"/>.</param>
/// <param name="Passthrough">A web address: true when TLS of its name goes on to the VM as it is, which holds the certificate.</param>
/// <param name="Grpc">A web address: true when the VM speaks gRPC there, over HTTP/2 without TLS.</param>
/// <param name="ProxyVersion">The version of the PROXY header that it sends; null for the first, which is a line of text.</param>
/// <param name="Ignoring">PostgreSQL: what of a client's startup is ignored; null for what every client may send without an effect.</param>
/// <param name="H2c">A web address: true when the VM speaks HTTP/2 without TLS there, and nothing older.</param>
public sealed record ExposureOptions(
    Networks? From = null,
    DateTimeOffset? Until = null,
    Name<Certificate>? Certificate = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool SendsProxy = false,
    Service? As = null,
    TimeSpan? For = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Passthrough = false,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Grpc = false,
    int? ProxyVersion = null,
    StartupParameters? Ignoring = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool H2c = false
)
{
    /// <summary>A plain exposure.</summary>
    public static ExposureOptions None { get; } = new();

    /// <summary>The same without its end.</summary>
    [JsonIgnore]
    public ExposureOptions Endless => Until is null && For is null ? this : this with { Until = null, For = null };

    /// <summary>True when it is closed by itself some time.</summary>
    [JsonIgnore]
    public bool Ends => Until is not null || For is not null;

    /// <summary>As typed, each with a space before it: <c> from 203.0.113.0/24 tls example</c>; without the end of its time.</summary>
    public string Words =>
        (From is { } from ? $" from {from}" : "")
        + (Certificate is { } certificate ? $" tls {certificate}" : "")
        + (Passthrough ? " passthrough" : "")
        + (Grpc ? " grpc" : "")
        + (SendsProxy ? " proxy-protocol" : "")
        + (ProxyVersion is { } version ? FormattableString.Invariant($" v{version}") : "")
        + (As is { } service ? $" as {service.ToString().ToLowerInvariant()}" : "")
        + (Ignoring is { } ignored ? $" ignoring {ignored}" : "")
        + (H2c ? " h2c" : "");
}

/// <summary>A public endpoint that leads to one VM endpoint, or is balanced over several.</summary>
/// <param name="Targets">Where it leads; never empty.</param>
/// <param name="Change">The number of the change that opened it.</param>
/// <param name="Options">How it differs from a plain one.</param>
public sealed record Exposure(PublicEndpoint Endpoint, ImmutableArray<VmEndpoint> Targets, int Change, ExposureOptions Options)
{
    /// <summary>The targets as typed: <c>vm2:7000,vm3:7000</c>.</summary>
    public string TargetText => string.Join(',', Targets);

    /// <summary>The public ports that it takes: its own, or the web's.</summary>
    public IEnumerable<PublicPort> Ports => PortsOf(Endpoint, Options);

    /// <summary>
    /// The public ports that an endpoint takes under these options; with TLS also plain HTTP's, which sends clients there, unless TLS is
    /// the VM's.
    /// </summary>
    public static IEnumerable<PublicPort> PortsOf(PublicEndpoint endpoint, ExposureOptions options) =>
        endpoint.Port is { } port ? [port]
        : options.Passthrough ? [WebPorts.Https]
        : options.Certificate is null ? [WebPorts.Http]
        : [WebPorts.Http, WebPorts.Https];

    /// <summary>The same exposure, with another name for a VM that it leads to.</summary>
    /// <param name="vm">What the VM was called.</param>
    /// <param name="to">What it is called now.</param>
    public Exposure Renamed(Name<Vm> vm, Name<Vm> to) =>
        this with
        {
            Targets = [.. Targets.Select(t => t.Vm == vm ? t with { Vm = to } : t)],
        };

    /// <summary>True when the other leads to the same targets in the same way, whoever opened it.</summary>
    public bool IsLike(Exposure other) => Endpoint == other.Endpoint && Options == other.Options && Targets.SequenceEqual(other.Targets);

    /// <summary>True when nothing but the end may differ.</summary>
    public bool IsLikeButForTheEnd(Exposure other) =>
        Endpoint == other.Endpoint && Options.Endless == other.Options.Endless && Targets.SequenceEqual(other.Targets);
}
