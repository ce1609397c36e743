using System.Collections.Immutable;
using ChatOps.Bot.Chat;
using ChatOps.Bot.Configuration;
using ChatOps.Bot.Discord.Cards;
using ChatOps.Bot.Discord.Commands;
using ChatOps.Bot.Local;
using ChatOps.Core.Domain.Authority;
using ChatOps.Core.Domain.Values;
using ChatOps.Discord;
using Microsoft.Extensions.Logging;

namespace ChatOps.Bot.Discord;

/// <summary>
/// Talks with whoever uses slash commands, buttons and forms, whichever way that came in. The first answer leaves in time whatever the log
/// does: when there is none yet, it is an acknowledgement, and what is to be told follows.
/// </summary>
internal sealed partial class InteractionHandler(
    DiscordSettings settings,
    DiscordLineHandler lines,
    CardBoard board,
    DirectMessages direct,
    DiscordRest rest,
    ConversationCore core,
    TimeProvider clock,
    ILogger<InteractionHandler> log
) : IInteractionHandler
{
    private const string Reason = "reason";
    private const int LongestReason = 300;

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(500);

    /// <inheritdoc/>
    public async Task HandleAsync(Interaction interaction, IFirstAnswer first, CancellationToken cancel)
    {
        if (interaction.Guild != settings.Guild || interaction.By.IsBot)
            return;
        var (speaker, isHere) = (
            settings.SpeakerOf(interaction.By),
            board.TakesCommands(interaction.Channel) || board.TakesCommands(interaction.Parent)
        );
        if (interaction.InteractionData is InteractionData.CommandTyped typed)
            await first.SendAsync(new InteractionResponse.Suggest(isHere ? await SuggestAsync(speaker, typed, cancel) : []), cancel);
        else if (lines.IsNew(interaction.Id))
            await HandleAsync(interaction, speaker, isHere, first, cancel);
    }

    private async Task HandleAsync(Interaction interaction, Speaker speaker, bool isHere, IFirstAnswer first, CancellationToken cancel)
    {
        switch (interaction.InteractionData)
        {
            case InteractionData.CommandSent or InteractionData.ButtonPressed or InteractionData.FormSubmitted when !isHere:
                await NoteAsync(first, $"commands are taken in <#{settings.Home}>.", cancel);
                break;
            case InteractionData.CommandSent sent:
                await SayAsync(interaction, speaker, SlashCommands.LineOf(sent.Name, sent.Options), false, first, cancel);
                break;
            case InteractionData.ButtonPressed pressed when ButtonId.Read(pressed.CustomId) is { } button:
                if (button.AsksReason && await WhyNotAsync(speaker, button, cancel) is { } refusal)
                    await first.SendAsync(new InteractionResponse.Say(MessageFormatter.Answer(Told(refusal), isEphemeral: true)), cancel);
                else if (button.AsksReason)
                    await first.SendAsync(new InteractionResponse.Ask(FormOf(pressed.CustomId, button)), cancel);
                else
                    await SayAsync(interaction, speaker, button.Line, true, first, cancel);
                break;
            case InteractionData.FormSubmitted form when ButtonId.Read(form.CustomId) is { AsksReason: true } button:
                await SayAsync(
                    interaction,
                    speaker,
                    $"{button.Line} {Quote.Around(form.Values.GetValueOrDefault(Reason, ""))}",
                    true,
                    first,
                    cancel
                );
                break;
            default:
                await NoteAsync(
                    first,
                    "this is of another version of the bot, and means nothing to this one.\nNext: the same as a line, with /gw",
                    cancel
                );
                break;
        }
    }

    // Nobody is asked for a reason that will not be taken. A log that is slow is not waited for: the form comes then, and the refusal after
    // it.
    private async Task<Refusal?> WhyNotAsync(Speaker speaker, ChatButton button, CancellationToken cancel)
    {
        var work = Task.Run(() => core.DecisionsOf(speaker).WhyNotAsync(core.Ledger, button, cancel), cancel);
        return await Task.WhenAny(work, Task.Delay(settings.Patience, clock, cancel)) == work ? await work : null;
    }

    private async Task SayAsync(
        Interaction interaction,
        Speaker speaker,
        string line,
        bool isButton,
        IFirstAnswer first,
        CancellationToken cancel
    )
    {
        var progress = new ShownProgress(shown => rest.EditAnswerAsync(interaction, shown, cancel));
        var work = lines.SayAsync(interaction.Id, speaker, line, progress.Show, cancel);
        var isInTime = await Task.WhenAny(work, Task.Delay(settings.Patience, clock, cancel)) == work;
        InteractionResponse response =
            isInTime && TellingOf(await work, isButton) is { } now ? new InteractionResponse.Say(now)
            : isButton ? new InteractionResponse.EditLater()
            : new InteractionResponse.SayLater(!lines.IsForAll(speaker, line));
        var sent = await first.SendAsync(response, cancel);
        if (sent.Error is { } error)
            Unanswered(error.Sentence);
        else if (response is InteractionResponse.SayLater)
            progress.Begin();
        var said = await work;
        await progress.EndAsync();
        if (TellingOf(said, isButton) is { } telling && (sent.Error is not null || response is not InteractionResponse.Say))
            await TellAsync(interaction, telling, sent.Error, !isButton, cancel);
        foreach (var file in said.Files)
            await TellAsync(interaction, file.Message, sent.Error, false, cancel);
    }

    // A button's card shows by itself what became of it.
    private MessagePayload? TellingOf(DiscordAnswer said, bool isButton)
    {
        if (said.Answer is not { } answer || (isButton && !said.IsRefused && !said.IsForAll))
            return null;
        if (!said.IsRefused && !said.IsAnswer && board.Trouble is { } trouble)
            answer = answer with { Text = $"{answer.Text}\n{trouble}", Tone = Tone.Bad };
        return MessageFormatter.Answer(answer, isEphemeral: isButton || !said.IsForAll);
    }

    // What comes after the first answer: in its place or beside it, and by a direct message when that is not taken any more. Where Discord
    // has not taken the first one because it knows no such interaction, it takes nothing about it.
    private async Task TellAsync(Interaction interaction, MessagePayload telling, RestError? first, bool inPlace, CancellationToken cancel)
    {
        var error = first is { Kind: Refusing.TooLate } ? first : (await AnswerAsync()).Error;
        if (first is null && error is { Kind: Refusing.TooLate } && clock.GetUtcNow() < interaction.FirstAnswerUntil)
        {
            // By HTTPS the first answer may still be on its way to Discord, which then does not know the interaction yet.
            await Task.Delay(PollInterval, clock, cancel);
            error = (await AnswerAsync()).Error;
        }

        if (error is not null && !await direct.SendAsync(interaction.By.Id, telling, cancel))
            NotTold(interaction.By.Id, error.Sentence);

        Task<RestResult<Message>> AnswerAsync() =>
            inPlace && first is null
                ? rest.EditAnswerAsync(interaction, telling, cancel)
                : rest.FollowUpAsync(interaction, telling with { IsEphemeral = true }, cancel);
    }

    private async Task<ImmutableArray<Choice>> SuggestAsync(Speaker speaker, InteractionData.CommandTyped typed, CancellationToken cancel)
    {
        if (typed.Focused is not { } focused || speaker.Roles.IsEmpty)
            return [];
        var states = await core.Ledger.LoadAllAsync(cancel);
        return [.. new Suggestions([.. states.Values]).For(typed.Name, focused.Name, focused.Value).Select(s => new Choice(s, s))];
    }

    private static Form FormOf(string id, ChatButton button) =>
        new(
            id,
            Title(button.Line),
            new FormField(Reason, "Why?")
            {
                IsParagraph = true,
                MinLength = 1,
                MaxLength = LongestReason,
            }
        );

    // "deny gw1#12 because": the first two words.
    private static string Title(string line) =>
        string.Join(' ', line.Split(' ').Take(2)) is var title && title.Length <= 45 ? title : title[..45];

    private static ChatMessage Told(Refusal refusal) =>
        new(
            "answer:",
            null,
            refusal.Next.IsEmpty ? refusal.Sentence : $"{refusal.Sentence}\nNext: {string.Join(", or ", refusal.Next)}",
            null,
            [],
            Tone.Bad
        );

    private static async Task NoteAsync(IFirstAnswer first, string text, CancellationToken cancel) =>
        await first.SendAsync(new InteractionResponse.Say(MessageFormatter.Note(text)), cancel);

    [LoggerMessage(1, LogLevel.Warning, "a person on Discord waits in vain: {Problem}")]
    private partial void Unanswered(string problem);

    [LoggerMessage(2, LogLevel.Warning, "{Person} was not told what came of a command: {Problem}")]
    private partial void NotTold(Snowflake person, string problem);
}
