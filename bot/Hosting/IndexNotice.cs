using System.Diagnostics;
using System.Globalization;
using ChatOps.Bot.Chat;

namespace ChatOps.Bot.Hosting;

/// <summary>Says how far the read model has come, where a long log makes somebody wait for it.</summary>
internal sealed class IndexNotice(IChatRoom room) : IProgress<long>
{
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(1);

    private long _last = Stopwatch.GetTimestamp();
    private long _from;

    /// <inheritdoc/>
    public void Report(long value)
    {
        // A few records now and then are nothing to wait for.
        var isLong = value - _from > 10_000;
        if (!isLong || Stopwatch.GetElapsedTime(_last) < Quiet)
            return;
        (_last, _from) = (Stopwatch.GetTimestamp(), value);
        room.Post(
            new(
                "index",
                null,
                string.Create(CultureInfo.InvariantCulture, $"reading the log for questions: at record {value:N0}"),
                null,
                [],
                Tone.Working
            )
        );
    }
}
