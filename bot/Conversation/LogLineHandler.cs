using System.Collections.Immutable;
using System.Text;
using ChatOps.Bot.Chat;
using ChatOps.Bot.Exports;
using ChatOps.Bot.Replies;
using ChatOps.Core.Application.Ports;
using ChatOps.Core.Application.Streams;
using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;
using ChatOps.Core.Language.Commands;
using ChatOps.Proof.Keeping;

namespace ChatOps.Bot.Conversation;

/// <summary>What an edition keeps of its log beside the log.</summary>
/// <param name="People">The keys that names and reasons are sealed under.</param>
/// <param name="Exports">The folder for files that are given away.</param>
/// <param name="Start">What was verified when; null when all was read at the start.</param>
public sealed record LogServices(CheckpointSigner Signer, IPersonKeys People, ExportFolder Exports, StartCheck? Start = null);

/// <summary>Answers what is asked about the log itself: whether it is whole, for proofs and copies, and to be forgotten.</summary>
public sealed class LogLineHandler(
    IEventLog log,
    LogServices keeping,
    IReadModel past,
    ReplyWriter writer,
    IChatRoom room,
    TimeProvider clock
)
{
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromSeconds(1);

    private int _isBusy;

    /// <summary>Does what a line asks for; a refusal, or null.</summary>
    public Task<Refusal?> HandleAsync(ChatLine line, LogCommand command, CancellationToken cancel) =>
        command switch
        {
            VerifyLog => AloneAsync(() => VerifyAsync(line, cancel)),
            ExportLog => AloneAsync(() => ExportAsync(line, cancel)),
            ProveRecord prove => ProveAsync(line, [prove.Record], $"record-{prove.Record}", cancel),
            ProveGrowth prove => ProveGrowthAsync(line, prove.Size, cancel),
            ChangeLogKey => ChangeKeyAsync(line, cancel),
            Forget forget => ForgetAsync(line, forget.User, cancel),
            _ => throw new InvalidOperationException($"no answer for {command.GetType().Name}"),
        };

    /// <summary>Gives the records of a change with their proofs.</summary>
    public async Task<Refusal?> ProveAsync(ChatLine line, Name<Gateway> gateway, int change, CancellationToken cancel)
    {
        var positions = new List<long>();
        await foreach (var recorded in log.ReadStreamAsync(Gateway.StreamOf(gateway), 0, cancel))
        {
            if (IsAbout(recorded.Event, change))
                positions.Add(recorded.Position);
        }

        return positions.Count == 0
            ? new($"no change #{change} on {gateway}.", "pending", "audit")
            : await ProveAsync(line, positions, $"{gateway}-{change}", cancel);
    }

    private static bool IsAbout(GatewayEvent @event, int change) =>
        @event switch
        {
            ChangeEvent e => e.Number == change,
            Effect e => e.Change == change,
            _ => false,
        };

    // Both read the whole log, and one reader of it at a time is enough.
    private async Task<Refusal?> AloneAsync(Func<Task<Refusal?>> action)
    {
        if (Interlocked.Exchange(ref _isBusy, 1) == 1)
            return new("the whole log is being read for somebody else at this moment.", "audit");
        try
        {
            return await action();
        }
        finally
        {
            Volatile.Write(ref _isBusy, 0);
        }
    }

    private async Task<Refusal?> VerifyAsync(ChatLine line, CancellationToken cancel)
    {
        var verdict = await keeping.Signer.VerifyAsync(ProgressOf(line, "checking"), cancel);
        if (verdict.Fault is { } fault)
            return new($"the log cannot be trusted: {fault.TrimEnd('.')}. Stop ChatOps and restore the log from a copy.", "export log");
        return Say(
            line,
            "log-verified",
            new
            {
                verdict.Records,
                verdict.Root,
                verdict.Checkpoints,
                verdict.Covered,
                verdict.Foreign,
                Start = keeping.Start?.Sentence ?? "",
                Key = keeping.Signer.FirstKey.ToString(),
            }
        );
    }

    private async Task<Refusal?> ProveAsync(ChatLine line, List<long> positions, string name, CancellationToken cancel)
    {
        var proof = await keeping.Signer.ProveAsync(positions, cancel);
        if (proof.Length == 0)
            return new("the log has no such record.", "audit");
        var (file, where) = await GiveAsync(line, $"{name}.tlog-proof", "text/plain", proof, cancel);
        return Say(
            line,
            "log-proof",
            new
            {
                file.Name,
                Where = where,
                positions.Count,
                Key = keeping.Signer.FirstKey.ToString(),
            }
        );
    }

    private async Task<Refusal?> ProveGrowthAsync(ChatLine line, long since, CancellationToken cancel)
    {
        var proof = await keeping.Signer.ProveGrowthAsync(since, cancel);
        if (proof.Length == 0)
            return new($"the log never had {Counts.Of(since, "record")}.", "audit verify");
        var (file, where) = await GiveAsync(line, $"growth-since-{since}.txt", "text/plain", proof, cancel);
        return Say(
            line,
            "log-growth",
            new
            {
                file.Name,
                Where = where,
                Since = since,
                Key = keeping.Signer.FirstKey.ToString(),
            }
        );
    }

    private async Task<Refusal?> ExportAsync(ChatLine line, CancellationToken cancel)
    {
        var records = 0L;
        var (file, where) = await GiveAsync(
            line,
            $"log-{clock.GetUtcNow():yyyyMMdd-HHmmss}.jsonl",
            "application/jsonl",
            async content => records = await keeping.Signer.ExportAsync(content, ProgressOf(line, "exporting"), cancel),
            cancel
        );
        return Say(
            line,
            "log-exported",
            new
            {
                file.Name,
                Where = where,
                Records = records,
                Key = keeping.Signer.FirstKey.ToString(),
            }
        );
    }

    private async Task<Refusal?> ChangeKeyAsync(ChatLine line, CancellationToken cancel)
    {
        var key = await keeping.Signer.ChangeKeyAsync(log, OriginOf(line), cancel);
        return Say(line, "log-key", new { Key = key.ToString(), First = keeping.Signer.FirstKey.ToString() });
    }

    private async Task<Refusal?> ForgetAsync(ChatLine line, string user, CancellationToken cancel)
    {
        var known = await keeping.People.KnownAsync(cancel);
        var meant = known.Where(k => Is(k.Person.Id, user) || $"{k.Person.Platform}:{k.Person.Id}" == user).ToImmutableArray();
        if (meant.IsEmpty)
            meant = [.. known.Where(k => Is(k.Person.Name, user))];
        if (meant.IsEmpty)
            return new($"the log holds no name and no reason of a \"{user}\" that can be erased.", "audit");
        if (meant.Select(m => (m.Person.Platform, m.Person.Id)).Distinct().Count() > 1)
            return new(
                $"several people are called {user}; say which.",
                [.. meant.Select(m => $"forget {m.Person.Platform}:{m.Person.Id}")]
            );

        // The event is what destroys the keys, here and wherever else the log is read.
        var person = meant[0].Person;
        await LogStream.WriteAsync(
            log,
            OriginOf(line),
            new PersonForgotten(person.Platform, person.Id, [.. meant.Select(m => m.Key)]),
            clock.GetUtcNow(),
            cancel
        );
        // It holds what was opened with the keys.
        await past.CatchUpAsync(cancel);
        return Say(
            line,
            "person-forgotten",
            new
            {
                Id = $"{person.Platform}:{person.Id}",
                SealedText.Erased,
                Unreached = new Unreached(keeping.Exports).Places().ToArray(),
            }
        );
    }

    private static bool Is(string one, string other) => one.Equals(other, StringComparison.OrdinalIgnoreCase);

    private static Origin OriginOf(ChatLine line) => new(line.Id, line.Speaker.Actor, line.Id);

    private Task<(AnswerFile File, string Where)> GiveAsync(
        ChatLine line,
        string name,
        string type,
        string content,
        CancellationToken cancel
    ) => GiveAsync(line, name, type, async file => await file.WriteAsync(Encoding.UTF8.GetBytes(content), cancel), cancel);

    // What is handed on is deleted by whoever does that, and must be nobody else's: its place has a name of its own.
    private async Task<(AnswerFile File, string Where)> GiveAsync(
        ChatLine line,
        string name,
        string type,
        Func<Stream, Task> write,
        CancellationToken cancel
    )
    {
        var path = keeping.Exports.PathOf(line.Hand is null ? name : $"{Guid.NewGuid():N}-{name}");
        try
        {
            await using (var content = ExportFolder.Create(path))
                await write(content);
            var file = new AnswerFile(name, path, type, new FileInfo(path).Length);
            return (file, await line.HandAsync(file, cancel));
        }
        catch
        {
            // Half a proof is none.
            File.Delete(path);
            throw;
        }
    }

    private Refusal? Say(ChatLine line, string template, object model)
    {
        (line.Reply ?? room.Post)(new($"answer:{line.Id}", null, writer.Write(template, model), null, [], Tone.Plain));
        return null;
    }

    // Nothing for what is done within a second, and then a line that counts.
    private SlowProgress ProgressOf(ChatLine line, string doing) =>
        new(clock, ProgressInterval, records =>
            line.ShowProgress(FormattableString.Invariant($"{doing} the log: {Counts.Of($"{records:N0}", "record")} so far"))
        );
}
