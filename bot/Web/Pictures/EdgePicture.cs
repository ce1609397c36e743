using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace ChatOps.Bot.Web.Pictures;

/// <summary>The edge as the page draws it and lists it: now, or as it was. All of it is from the log.</summary>
/// <param name="Time">The same by the reader's clock.</param>
/// <param name="Zone">The zone of that clock.</param>
/// <param name="IsNow">False for what was: then nothing is known of traffic and handshakes.</param>
/// <param name="Type">What to type when there is little or nothing to see.</param>
/// <param name="May">Which of the commands that change what is open the reader may give.</param>
internal sealed record EdgePicture(
    DateTimeOffset At,
    string Time,
    string Zone,
    bool IsNow,
    ImmutableArray<GatewayPicture> Gateways,
    int Waiting,
    ImmutableArray<string> Type,
    ImmutableArray<string> May
);

/// <param name="Mirrors">The gateway that it follows, or null.</param>
/// <param name="Trouble">What is wrong with all of it, as the log says; empty when it is well.</param>
internal sealed record GatewayPicture(
    string Name,
    ImmutableArray<string> Addresses,
    string? Mirrors,
    string Revision,
    ImmutableArray<string> Trouble,
    ImmutableArray<AlertPicture> Alerts,
    ImmutableArray<PortPicture> Ports,
    ImmutableArray<VmPicture> Vms,
    ImmutableArray<PeerPicture> Peers,
    ImmutableArray<RulePicture> Rules
);

/// <summary>What is open: one public endpoint. What is null is left out.</summary>
/// <param name="Endpoint">As typed: <c>80</c>, <c>53/udp</c>, <c>app.example.com/api</c>.</param>
/// <param name="Label">As said: <c>tcp 80</c>.</param>
/// <param name="Tls">The certificate; null without TLS.</param>
/// <param name="Detail">What else differs: who speaks there, a PROXY header.</param>
/// <param name="From">The only networks that reach it; null for all.</param>
/// <param name="Until">When it closes by itself; null for never.</param>
/// <param name="Change">The change that opened it: <c>gw1#12</c>.</param>
/// <param name="Trouble">What is wrong; null when nothing is.</param>
internal sealed record PortPicture(
    string Endpoint,
    string Label,
    string Targets,
    ImmutableArray<string> Vms,
    ImmutableArray<string> Engines,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Tls,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Detail,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? From,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateTimeOffset? Until,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Change,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? By,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateTimeOffset? Since,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Reason,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Trouble
);

/// <summary>A VM. The list has its name and what is wrong; its address for whoever may see that.</summary>
internal sealed record VmPicture(string Name, string Addresses, string? Trouble);

internal sealed record PeerPicture(string Name, string Address, string? Trouble);

internal sealed record RulePicture(string Text, string Words);

internal sealed record AlertPicture(string Text, string Since, string? Detail, ImmutableArray<string> Next);

/// <summary>What was last heard of the gateways: it becomes another every few seconds, while the rest stays.</summary>
/// <param name="At">Now, by the program's clock.</param>
internal sealed record LivePicture(DateTimeOffset At, ImmutableArray<LiveGateway> Gateways);

/// <param name="IsFolder">True for a folder in the place of a machine: its ports are written, and none is open.</param>
/// <param name="Trouble">What is wrong with all of it; empty when it is well.</param>
/// <param name="Rate">What passes through all of it; null when that is not known.</param>
/// <param name="Ports">What passes through ports, by <see cref="PortPicture.Endpoint"/>; those through which nothing has passed are left
/// out. Null when none is known.</param>
/// <param name="CountedSince">Since when every packet would have been noticed; null when that is not known.</param>
internal sealed record LiveGateway(
    string Name,
    string Heard,
    bool IsFolder,
    ImmutableArray<string> Trouble,
    RatePicture? Rate,
    ImmutableSortedDictionary<string, RatePicture>? Ports,
    DateTimeOffset? CountedSince,
    ImmutableSortedDictionary<string, LivePeer> Peers
);

/// <param name="Words">The same with the bytes, and the connections that are open.</param>
/// <param name="Seen">When something was last seen to pass; null when that is not known.</param>
/// <param name="IsUsed">True when something has passed since it was opened, or since the gateway's counters began.</param>
internal sealed record RatePicture(double Packets, string Words, DateTimeOffset? Seen, bool IsUsed);

/// <summary>
/// A peer that was heard of. It is <paramref name="IsLive"/> when its last handshake is as young as those of a running tunnel are.
/// </summary>
internal sealed record LivePeer(string Handshake, bool IsLive, string Traffic);
