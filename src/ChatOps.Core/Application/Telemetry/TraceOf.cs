using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;

namespace ChatOps.Core.Application.Telemetry;

/// <summary>
/// The trace that something belongs to, made of the id of the chat line that began it. Every process can tell it from the log alone, so
/// nothing needs to travel with a nudge, which may be lost, and no stored event needs a member for it.
/// </summary>
internal static class TraceOf
{
    /// <summary>The trace of what one chat line began. It is the same wherever it is asked for.</summary>
    public static ActivityContext Line(string id)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"chatops line {id}"));
        return new(ActivityTraceId.CreateFromBytes(hash.AsSpan(0, 16)), default, ActivityTraceFlags.Recorded);
    }
}
