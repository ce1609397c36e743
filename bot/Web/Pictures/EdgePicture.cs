using System.Collections.Immutable;

namespace ChatOps.Bot.Web.Pictures;

/// <summary>The edge as the page draws it and lists it: now, or as it was.</summary>
/// <param name="At">The time that is shown.</param>
/// <param name="Time">The same by the reader's clock.</param>
/// <param name="IsNow">False for what was: then nothing is known of traffic and handshakes.</param>
/// <param name="Find">What it was narrowed to; empty for all.</param>
/// <param name="Gateways">The gateways.</param>
/// <param name="Waiting">How many changes wait for approvals.</param>
/// <param name="Type">What to type when there is little or nothing to see.</param>
internal sealed record EdgePicture(DateTimeOffset At, string Time, bool IsNow, string Find, ImmutableArray<GatewayPicture> Gateways, int Waiting, ImmutableArray<string> Type);

/// <summary>A gateway with what hangs on it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Addresses">Its public addresses.</param>
/// <param name="Mirrors">The gateway that it follows, or null.</param>
/// <param name="Revision">The revision that it runs.</param>
/// <param name="Heard">When it was last heard of, and what it said; empty for the past.</param>
/// <param name="Rate">What passes through all of it; null when that is not known.</param>
/// <param name="Trouble">What is wrong with all of it; empty when it is well.</param>
/// <param name="Alerts">All that wants attention on it.</param>
/// <param name="Ports">What is open: one by one, or together by where it leads when there is much.</param>
/// <param name="VmTotal">How many VMs there are.</param>
/// <param name="Vms">Those that are drawn.</param>
/// <param name="PeerTotal">How many peers there are.</param>
/// <param name="Peers">Those that are drawn.</param>
/// <param name="Rules">What else holds.</param>
internal sealed record GatewayPicture(
    string Name,
    ImmutableArray<string> Addresses,
    string? Mirrors,
    string Revision,
    string Heard,
    RatePicture? Rate,
    ImmutableArray<string> Trouble,
    ImmutableArray<AlertPicture> Alerts,
    PortsPicture Ports,
    int VmTotal,
    ImmutableArray<VmPicture> Vms,
    int PeerTotal,
    ImmutableArray<PeerPicture> Peers,
    ImmutableArray<RulePicture> Rules
);

/// <summary>What is open on a gateway.</summary>
/// <param name="Total">How many there are.</param>
/// <param name="Shown">How many of them the lines are about.</param>
/// <param name="IsGrouped">True when a line stands for all that leads to one VM.</param>
/// <param name="Lines">The lines; those in trouble first.</param>
internal sealed record PortsPicture(int Total, int Shown, bool IsGrouped, ImmutableArray<PortPicture> Lines);

/// <summary>A public endpoint, or several that lead to one VM.</summary>
/// <param name="Label"><c>tcp 80</c>, or <c>812 ports</c>.</param>
/// <param name="Detail">What more there is to say: from where, until when; or which ports they are.</param>
/// <param name="Count">How many endpoints.</param>
/// <param name="Engines">What carries them.</param>
/// <param name="Tls">The certificate; null without TLS.</param>
/// <param name="Targets">Where they lead.</param>
/// <param name="Vms">The names of the VMs there.</param>
/// <param name="Change">The change that opened it: <c>gw1#12</c>; empty for several.</param>
/// <param name="Rate">What passes; null when that is not known.</param>
/// <param name="Trouble">What is wrong; null when nothing is.</param>
/// <param name="Story">The question whose answer is its story, as typed after <c>audit</c>.</param>
/// <param name="Find">What narrows the picture to these; empty for one.</param>
internal sealed record PortPicture(
    string Label,
    string Detail,
    int Count,
    ImmutableArray<string> Engines,
    string? Tls,
    string Targets,
    ImmutableArray<string> Vms,
    string Change,
    RatePicture? Rate,
    string? Trouble,
    string Story,
    string Find
);

/// <summary>What passes.</summary>
/// <param name="Packets">Packets a second, both ways.</param>
/// <param name="Words">The same with the bytes, and the connections that are open.</param>
internal sealed record RatePicture(double Packets, string Words);

/// <summary>A VM.</summary>
internal sealed record VmPicture(string Name, string Addresses, int Ports, string? Trouble, string Story);

/// <summary>A WireGuard peer. It is <paramref name="IsLive"/> when its last handshake is as young as those of a running tunnel are.</summary>
internal sealed record PeerPicture(string Name, string Address, string Handshake, bool IsLive, string Traffic, string? Trouble, string Story);

/// <summary>A rule.</summary>
internal sealed record RulePicture(string Text, string Words);

/// <summary>Something that wants attention.</summary>
internal sealed record AlertPicture(string Text, string Since, string? Detail, ImmutableArray<string> Next);
