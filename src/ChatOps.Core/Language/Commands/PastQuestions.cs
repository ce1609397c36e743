using System.Globalization;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;
using ChatOps.Core.Language.Audit;
using ChatOps.Core.Language.Words;

namespace ChatOps.Core.Language.Commands;

/// <summary>Ask the log.</summary>
/// <param name="Spec">Its declaration: <c>audit</c>, or a natural order that means the same.</param>
/// <param name="Filter">What it asks for.</param>
/// <param name="Page">Which ten lines; 1 for the newest.</param>
public sealed record AuditQuery(CommandSpec Spec, AuditFilter Filter, int? Page) : Query(Spec, Filter.At)
{
    /// <summary>The line that asks for a page of this.</summary>
    public string Line(int page) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"audit{(Filter.Line.Length > 0 ? " " : "")}{Filter.Line}{(page == 1 ? "" : $" page {page}")}"
        );
}

/// <summary>Every time that an endpoint was open, or was asked to be.</summary>
/// <param name="Spec">Its declaration: <c>history</c>, or a natural order that means the same.</param>
/// <param name="On">Only the times that touch this one; null for all.</param>
/// <param name="NowOnly">True when only the present one is asked for.</param>
/// <param name="Page">Which ten; 1 for the newest.</param>
public sealed record HistoryQuery(CommandSpec Spec, AskedEndpoint Endpoint, TimePoint? On, bool NowOnly, int? Page, Name<Gateway>? At)
    : Query(Spec, At)
{
    /// <summary>The line that asks for a page of this.</summary>
    public string Line(int page) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"history {Endpoint}{(On is null ? "" : $" on {On}")}{(At is null ? "" : $" at {At}")}{(page == 1 ? "" : $" page {page}")}"
        );
}

/// <summary>What was open at a time; of a day, at any time of it.</summary>
public sealed record OpenThen(CommandSpec Spec, TimePoint Time, int? Page, Name<Gateway>? At) : Query(Spec, At)
{
    /// <summary>The line that asks for a page of this.</summary>
    public string Line(int page) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"what was open on {Time}{(At is null ? "" : $" at {At}")}{(page == 1 ? "" : $" page {page}")}"
        );
}

/// <summary>A question about what is, asked about what was.</summary>
public sealed record AsOf(CommandSpec Spec, TimePoint Time, Query Of) : Query(Spec, Of.At);

/// <summary>What differs between two revisions.</summary>
public sealed record DiffRevisions(CommandSpec Spec, Revision From, Revision To, Name<Gateway>? At) : Query(Spec, At);

/// <summary>The forms in which an answer goes into a file.</summary>
public enum ExportFormat
{
    /// <summary>Comma-separated values (RFC 4180).</summary>
    Csv,

    /// <summary>The records as they lie in the log, an array with one a line.</summary>
    Json,

    /// <summary>A Markdown table.</summary>
    Md,
}

/// <summary>A question whose answer goes into a file, whole.</summary>
public sealed record Export(CommandSpec Spec, Query Of, ExportFormat Format) : Query(Spec, Of.At);
