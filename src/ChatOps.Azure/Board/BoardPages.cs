using System.Text.Json;
using ChatOps.Core.Application.Ports;
using ChatOps.Core.Application.Statistics;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Azure.Board;

/// <summary>What of the board is shared between processes: three small blobs a gateway, each replaced as a whole.</summary>
internal static class BoardPages
{
    public const string Health = "health";
    public const string Statistics = "statistics";
    public const string Progress = "progress";

    public static JsonSerializerOptions Options { get; } = JsonSerializerOptions.Web;

    public static string NameOf(Name<Gateway> gateway, string page) => $"{gateway}/{page}.json";

    /// <summary>The gateway and the page of a blob; null for a blob that is none of ours.</summary>
    public static (Name<Gateway> Gateway, string Page)? Read(string blob) =>
        blob.Split('/') is [var name, var file] && Name<Gateway>.TryParse(name, out var gateway) && Path.GetExtension(file) == ".json"
            ? (gateway, Path.GetFileNameWithoutExtension(file))
            : null;
}

internal sealed record StatisticsPage(StatsSample? Sample, string? Missed);

internal sealed record ProgressPage(int Change, ApplyStep Step);
