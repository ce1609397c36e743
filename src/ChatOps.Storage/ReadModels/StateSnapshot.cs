using System.Collections.Immutable;
using System.IO.Compression;
using System.Text.Json;
using ChatOps.Core.Changes;
using ChatOps.Core.Gateways;
using ChatOps.Core.Log;
using ChatOps.Core.Policy;
using ChatOps.Core.Values;

namespace ChatOps.Storage.ReadModels;

/// <summary>
/// A gateway's state, without what is past, as bytes, with values in the forms in which the log stores them. Only this program reads it, and only
/// from a file with its own schema.
/// </summary>
internal static class StateSnapshot
{
    /// <summary>The bytes.</summary>
    public static byte[] Write(GatewayState state)
    {
        using var bytes = new MemoryStream();
        using (var packed = new DeflateStream(bytes, CompressionLevel.Fastest))
            JsonSerializer.Serialize(packed, Of(state.WithoutPast()), EventJson.Options);
        return bytes.ToArray();
    }

    /// <summary>The state again.</summary>
    /// <param name="name">The gateway.</param>
    /// <param name="version">The version of the last record folded.</param>
    /// <param name="bytes">What was written.</param>
    public static GatewayState Read(Name<Gateway> name, long version, byte[] bytes)
    {
        using var packed = new DeflateStream(new MemoryStream(bytes), CompressionMode.Decompress);
        var json = JsonSerializer.Deserialize<StateJson>(packed, EventJson.Options)!;
        return GatewayState.Initial(name).WithoutPast() with
        {
            Version = version,
            Running = EdgeOf(json),
            HostKey = json.HostKey,
            RunningRevision = json.Running,
            LastRevision = json.Last,
            Changes = json.Changes.ToImmutableDictionary(c => c.Number, ChangeOf),
            Queue = json.Queue,
            Alerts = json.Alerts.ToImmutableSortedDictionary(a => a.Key, a => a, StringComparer.Ordinal),
            DesiredSince = json.DesiredSince,
            Renames = json.Renames is { } renames ? new(renames) : Renames.None,
        };
    }

    private static Edge EdgeOf(StateJson json) =>
        new(
            json.Gateway,
            json.Vms.ToImmutableSortedDictionary(v => v.Name, v => v),
            json.Peers.ToImmutableSortedDictionary(p => p.Name, p => p),
            json.Exposures.ToImmutableSortedDictionary(x => x.Endpoint, x => new Exposure(x.Endpoint, x.Targets, x.Change, x.Options ?? ExposureOptions.None)),
            json.Rules.ToImmutableSortedDictionary(r => r.Key, r => r, StringComparer.Ordinal)
        );

    private static StateJson Of(GatewayState state) =>
        new(
            state.Running.Gateway,
            [.. state.Running.Vms.Values],
            [.. state.Running.Peers.Values],
            [.. state.Running.Exposures.Values.Select(x => new ExposureJson(x.Endpoint, x.Targets, x.Change, x.Options == ExposureOptions.None ? null : x.Options))],
            [.. state.Running.Rules.Values],
            state.HostKey,
            state.RunningRevision,
            state.LastRevision,
            [.. state.Changes.Values.Select(ChangeOf)],
            state.Queue,
            [.. state.Alerts.Values],
            state.DesiredSince,
            state.Renames.All
        );

    private static ChangeJson ChangeOf(Change c)
    {
        var accepted = c.Status as ChangeStatus.Accepted;
        return new(c.Number, c.Line, c.Reason, c.Effects, c.PlanHash, c.Needs, c.By, c.At, c.Message, [.. c.Given.Select(g => new ConsentJson(g.By, [.. g.Roles.Select(r => r.Name())]))], accepted?.Revision, accepted?.At, accepted?.Delay, c.Glass, c.IsTightened);
    }

    private static Change ChangeOf(ChangeJson c) =>
        new(
            c.Number,
            c.Line,
            c.Reason,
            c.Effects,
            c.PlanHash,
            c.Needs,
            c.By,
            c.At,
            c.Message,
            [.. c.Given.Select(g => new Consent(g.By, [.. g.Roles.Select(Role.Named)]))],
            c is { Revision: { } revision, AcceptedAt: { } at } ? new ChangeStatus.Accepted(revision, at, c.Delay) : new ChangeStatus.Proposed()
        )
        {
            Glass = c.Glass,
            IsTightened = c.IsTightened,
        };

    private sealed record StateJson(
        Gateway? Gateway,
        ImmutableArray<Vm> Vms,
        ImmutableArray<Peer> Peers,
        ImmutableArray<ExposureJson> Exposures,
        ImmutableArray<Rule> Rules,
        HostKey? HostKey,
        Revision Running,
        Revision Last,
        ImmutableArray<ChangeJson> Changes,
        ImmutableArray<int> Queue,
        ImmutableArray<Alert> Alerts,
        string? DesiredSince,
        ImmutableArray<Rename>? Renames
    );

    private sealed record ExposureJson(PublicEndpoint Endpoint, ImmutableArray<VmEndpoint> Targets, int Change, ExposureOptions? Options);

    private sealed record ChangeJson(
        int Number,
        string Line,
        string? Reason,
        ImmutableArray<Effect> Effects,
        string PlanHash,
        Approvals Needs,
        Actor By,
        DateTimeOffset At,
        string? Message,
        ImmutableArray<ConsentJson> Given,
        Revision? Revision,
        DateTimeOffset? AcceptedAt,
        string? Delay,
        BrokenGlass? Glass,
        bool IsTightened
    );

    private sealed record ConsentJson(Actor By, ImmutableArray<string> Roles);
}
