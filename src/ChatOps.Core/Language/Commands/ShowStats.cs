using System.Globalization;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Core.Language.Commands;

/// <summary>Show traffic, connections and handshakes.</summary>
/// <param name="Vm">Only what leads to this VM.</param>
public sealed record ShowStats(CommandSpec Spec, Name<Vm>? Vm, AskedEndpoint? Endpoint, int? Page, Name<Gateway>? At) : Query(Spec, At)
{
    /// <summary>The line that asks for a page of this.</summary>
    public string Line(int page) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"stats{(Vm is null ? "" : $" {Vm}")}{(Endpoint is null ? "" : $" {Endpoint}")}{(At is null ? "" : $" at {At}")}{(page == 1 ? "" : $" page {page}")}"
        );
}
