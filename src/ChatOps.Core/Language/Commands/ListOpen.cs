using System.Globalization;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Core.Language.Commands;

/// <summary>List what is open to the world: for whom, until when, since when, by whom and why.</summary>
/// <param name="Vm">Only what leads to this VM.</param>
/// <param name="By">Only what this person opened.</param>
/// <param name="Ending">Only what closes by itself, the next first.</param>
/// <param name="Unused">Only what nothing has passed through.</param>
/// <param name="For">Only what nothing has passed through for so long; null for any time.</param>
/// <param name="Page">Which page, from 1.</param>
public sealed record ListOpen(
    CommandSpec Spec,
    Name<Vm>? Vm,
    AskedEndpoint? Endpoint,
    string? By,
    bool Ending,
    bool Unused,
    TimeSpan? For,
    int? Page,
    Name<Gateway>? At
) : Query(Spec, At)
{
    /// <summary>The line that asks for a page of this.</summary>
    public string Line(int page) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"list{(Vm is null ? "" : $" {Vm}")}{(Endpoint is null ? "" : $" {Endpoint}")}{(Ending ? " ending" : "")}{(Unused ? " unused" : "")}{(For is { } span ? $" for {Durations.Text(span)}" : "")}{(By is null ? "" : $" by \"{By}\"")}{(At is null ? "" : $" at {At}")}{(page == 1 ? "" : $" page {page}")}"
        );
}
