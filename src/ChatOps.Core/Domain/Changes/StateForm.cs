using System.Collections.Immutable;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Core.Domain.Changes;

/// <summary>A gateway's state without its past, in the form in which it is put away as JSON.</summary>
/// <param name="HostKey">The pinned host key.</param>
/// <param name="Running">The revision that runs.</param>
/// <param name="Last">The highest revision given out.</param>
/// <param name="Tried">The highest revision that was tried.</param>
/// <param name="Changes">The changes that are open.</param>
/// <param name="Queue">Those of them that are accepted, in order.</param>
/// <param name="DesiredSince">The id of the record that last changed what will run.</param>
/// <param name="Renames">Who was called something else before.</param>
/// <param name="Certificates">What lies on the gateway.</param>
public sealed record StateForm(
    EdgeForm Edge,
    HostKey? HostKey,
    Revision Running,
    Revision Last,
    Revision Tried,
    ImmutableArray<ChangeForm> Changes,
    ImmutableArray<int> Queue,
    ImmutableArray<Alert> Alerts,
    string? DesiredSince,
    ImmutableArray<Rename> Renames,
    CertificatesSeen? Certificates
)
{
    /// <summary>The form of a state.</summary>
    public static StateForm Of(GatewayState state) =>
        new(
            EdgeForm.Of(state.Running),
            state.HostKey,
            state.RunningRevision,
            state.LastRevision,
            state.LastTried,
            [.. state.Changes.Open.OrderBy(c => c.Number).Select(ChangeForm.Of)],
            state.Queue,
            [.. state.Alerts.Values],
            state.DesiredSince,
            state.Renames.All,
            state.Certificates
        );

    /// <summary>The state again.</summary>
    /// <param name="version">The version of the last record folded.</param>
    public GatewayState Back(Name<Gateway> name, long version) =>
        GatewayState.Initial(name).WithoutPast() with
        {
            Version = version,
            Running = Edge.Back(),
            HostKey = HostKey,
            RunningRevision = Running,
            LastRevision = Last,
            LastTried = Tried,
            Changes = ChangeBook.Of(Changes.Select(c => c.Back())),
            Queue = Queue,
            Alerts = Alerts.ToImmutableSortedDictionary(a => a.Key, a => a, StringComparer.Ordinal),
            DesiredSince = DesiredSince,
            Renames = new(Renames),
            Certificates = Certificates,
        };
}
