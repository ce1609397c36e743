using System.Text.Json.Nodes;
using System.Threading.Channels;
using ChatOps.Bot.Chat;
using ChatOps.Bot.Conversation;
using ChatOps.Bot.Local;
using ChatOps.Bot.Replies;
using ChatOps.Bot.Web.Api;
using ChatOps.Bot.Web.Entry;
using ChatOps.Core.Application.Streams;
using ChatOps.Core.Decisions;
using ChatOps.Core.Domain.Authority;
using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Values;
using ChatOps.Core.Language.Commands;

namespace ChatOps.Bot.Requests;

/// <summary>
/// One line of a program, from its handling to the end that is waited for. What the line does is done, whether somebody still listens or
/// not; only the waiting ends with who waits.
/// </summary>
internal sealed class LineCall(ConversationCore core, Speaker speaker, LineRequest request, ChannelWriter<LineEvent> events)
{
    private readonly List<string> _texts = [];
    private Outcome.Decided? _decided;
    private string? _problem;

    /// <summary>Handles the line, and waits as far as that is wanted.</summary>
    /// <param name="gone">Gives up waiting: nobody listens any more.</param>
    public async Task RunAsync(string line, CancellationToken stopping, CancellationToken gone)
    {
        var (isTaken, data) =
            request.Data && Parser.Parse(line) is ParseResult.Understood { Command: AuditQuery or Status }
                ? await AskAsync(line, stopping)
                : (await SayAsync(line, stopping), null);
        var isFine = isTaken;
        if (isTaken && _decided is { } decided)
            isFine = await ShowAsync(decided, gone);
        var result = new LineResult(
            line,
            speaker.Actor.Id,
            isTaken,
            isFine ? 0 : 1,
            string.Join('\n', _texts),
            _problem,
            await ChangeAsync(stopping),
            data
        );
        events.TryWrite(new("end", _problem, Result: result));
    }

    private async Task<bool> SayAsync(string line, CancellationToken stopping)
    {
        var answers = new List<ChatMessage>();
        var said = new ChatLine(
            $"line:{Guid.CreateVersion7():N}",
            speaker,
            line,
            Whisper,
            answers.Add,
            HandAsync,
            m => events.TryWrite(new("progress", m.Text)),
            d => _decided = d.Change is null ? null : d
        );
        var isTaken = await core.Conversation.HandleAsync(said, stopping);

        // Of a change its own card is shown, which says more.
        foreach (var answer in answers.Where(_ => !isTaken || _decided is null))
            Give(answer.Text, answer.Diff);
        if (!isTaken)
            _problem = answers.LastOrDefault()?.Text ?? "refused";
        return isTaken;
    }

    private async Task<(bool IsTaken, JsonNode? Data)> AskAsync(string line, CancellationToken stopping)
    {
        var (session, enquiry) = (new Session("", speaker), new PageQueries(core));
        var (isStatus, edge) = (line.Trim().StartsWith("status", StringComparison.OrdinalIgnoreCase), new EdgeApi(core, enquiry));
        var answer = isStatus
            ? await edge.NowAsync(session, stopping)
            : await new TimelineApi(core, enquiry).FindAsync(session, line, 0, stopping);
        var data = JsonNode.Parse(answer.ToJson());
        if (isStatus && data?["refusal"] is null)
            data!["live"] = JsonNode.Parse((await edge.LiveAsync(session, stopping)).ToJson());
        if (data?["refusal"]?["sentence"]?.GetValue<string>() is not { } sentence)
            return (true, data);
        _problem = sentence;
        return (false, null);
    }

    // The card as it is, and with who waits as it becomes. A person's own "no" is a success too.
    private async Task<bool> ShowAsync(Outcome.Decided decided, CancellationToken gone)
    {
        var key = ChangeCard.KeyOf(decided.State.Name, NumberOf(decided));
        var isOver = !request.Wait || !decided.Change!.IsOpen;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(gone);
        if (request.Seconds is { } seconds)
            patience.CancelAfter(TimeSpan.FromSeconds(seconds));
        try
        {
            var isFirst = true;
            await foreach (var entry in core.Room.FollowAsync(patience.Token))
            {
                if (entry.Message.Key != key)
                    continue;
                var text = await ReadAsync(entry.Message, patience.Token);
                var isEnd = entry.Message.Tone is not (Tone.Waiting or Tone.Working);
                if (isOver || isEnd || isFirst)
                    Give(text, null);
                else
                    events.TryWrite(new("progress", text.Split('\n')[0]));
                if (isOver)
                    return true;
                if (isEnd)
                    return entry.Message.Tone == Tone.Good || Failed(text.Split('\n')[0]);
                isFirst = false;
            }
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested && !gone.IsCancellationRequested)
        {
            return Failed(
                $"{key} has not ended after {request.Seconds} s. It is saved, and goes on. Next: chatops show {NumberOf(decided)}"
            );
        }

        return false;
    }

    // With what they may say next, and nothing else.
    private async Task<string> ReadAsync(ChatMessage message, CancellationToken cancel)
    {
        var (states, decisions) = (await core.Ledger.LoadAllAsync(cancel), core.DecisionsOf(speaker));
        var text = (await core.HiddenFromAsync(speaker, cancel)).Hide(message.Text);
        return NextLines.Written(text, l => decisions.MaySay(states, l) ? l : null);
    }

    private bool Failed(string problem)
    {
        _problem = problem;
        return false;
    }

    private void Give(string text, string? diff)
    {
        _texts.Add(text);
        events.TryWrite(new("message", text, diff));
    }

    private void Whisper(PrivateFile file) => events.TryWrite(new("private", file.Content, Name: file.Name));

    private async Task<string> HandAsync(AnswerFile file, CancellationToken cancel)
    {
        events.TryWrite(new("file", Name: file.Name, Bytes: await File.ReadAllBytesAsync(file.Path, cancel)));
        File.Delete(file.Path);
        return $"a file for {speaker.Actor.Name} alone";
    }

    private async Task<ChangeResult?> ChangeAsync(CancellationToken cancel)
    {
        if (_decided is not { } decided)
            return null;
        var change = (await core.Ledger.LoadAsync(decided.State.Name, cancel)).Changes[NumberOf(decided)];
        Revision? revision = change.Status switch
        {
            ChangeStatus.Accepted s => s.Revision,
            ChangeStatus.Applied s => s.Result.Revision,
            ChangeStatus.Failed s => s.Result.Revision,
            _ => null,
        };
        return new(decided.State.Name.ToString(), change.Number, Decider.StatusWord(change.Status), revision?.Number);
    }

    private static int NumberOf(Outcome.Decided decided) => decided.Change!.Number;
}
