using System.Collections.Immutable;
using System.Diagnostics;
using ChatOps.Bot.Chat;
using ChatOps.Bot.Local;
using ChatOps.Bot.Terminal;
using ChatOps.Core.Domain.Authority;

namespace ChatOps.Bot.Hosting;

/// <summary>
/// Lines from a pipe or a file: each is said and answered, and what it set off is finished before the next, so that a script reads like a
/// conversation. Ends with 0, or with 1 when a line was refused or a change failed.
/// </summary>
internal sealed class PipeSession(
    ConversationCore core,
    TerminalWriter writer,
    ImmutableArray<Speaker> users,
    Speaker otherwise,
    TimeSpan settle
)
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(10);

    public async Task<int> RunAsync(TextReader input, CancellationToken cancel)
    {
        var isFine = true;
        // A read of the standard input cannot be cancelled; whoever waits for it can.
        while (await Task.Run(input.ReadLine, cancel).WaitAsync(cancel) is { } line)
        {
            if (NamedLine.Read(line, users, otherwise) is not var (speaker, text))
            {
                writer.Say($"no user \"{line.Split(':')[0].Trim()}\". Users: {string.Join(", ", users.Select(u => u.Actor.Id))}");
                isFine = false;
                continue;
            }

            var file = (PrivateFile?)null;
            isFine &= (await core.Chat.SayAsync(speaker, text, given => file = given, cancel, progress: writer.Show)).IsTaken;
            await writer.PrintedAsync(core.Room.Sequence, cancel);
            if (file is not null)
                writer.Whisper(speaker, file);
            if (!await SettledAsync(cancel))
                return 1;
        }

        return isFine && core.Failures == 0 ? 0 : 1;
    }

    private async Task<bool> SettledAsync(CancellationToken cancel)
    {
        var since = Stopwatch.GetTimestamp();
        while (core.Unsettled is { Count: > 0 } open)
        {
            if (Stopwatch.GetElapsedTime(since) > settle)
            {
                writer.Say(
                    $"{string.Join(", ", open)} not settled after {settle.TotalSeconds} s: saved, and applied when the gateway is back and ChatOps runs. The lines after this one were not read."
                );
                return false;
            }

            await Task.Delay(PollInterval, cancel);
        }

        await writer.PrintedAsync(core.Room.Sequence, cancel);
        return true;
    }
}
