using System.Collections.Immutable;
using ChatOps.Bot.Configuration;
using ChatOps.Bot.Local;
using ChatOps.Bot.Terminal;
using ChatOps.Core.Domain.Authority;
using ChatOps.Hosting;
using Microsoft.Extensions.Logging;

namespace ChatOps.Bot.Hosting;

/// <summary>Where this process talks: lines from a pipe, or a terminal with the web page beside it.</summary>
/// <param name="people">Who may say something here.</param>
/// <param name="otherwise">Whose lines without a name are.</param>
/// <param name="port">The web page's port on 127.0.0.1; 0 for any.</param>
/// <param name="settle">How long to wait at the end of piped input for changes that a gateway does not take.</param>
/// <param name="firstSteps">What is said at a start as long as there is no gateway; null for nothing.</param>
/// <param name="history">The file with what was typed before; null where that is not kept.</param>
public sealed class ConsoleFrontend(
    ImmutableArray<Speaker> people,
    Speaker otherwise,
    int port,
    TimeSpan settle,
    string? firstSteps = null,
    string? history = null
)
{
    private const int Narrow = 80; // where a terminal does not say how wide it is

    private readonly TerminalWriter _writer = new(Console.Out, !Console.IsInputRedirected && !Console.IsOutputRedirected);

    /// <summary>The surfaces of a policy file's people.</summary>
    /// <exception cref="ConfigurationException">Nobody is there to say lines without a name.</exception>
    public static ConsoleFrontend Of(
        PolicyFile policy,
        string path,
        int port,
        TimeSpan settle,
        string? firstSteps = null,
        string? history = null
    ) =>
        policy.Users.FirstOrDefault(u => u.Has(Role.Admin)) is { } admin
            ? new ConsoleFrontend(policy.Users, admin, port, settle, firstSteps, history)
            : throw new ConfigurationException($"{path}: users: expected one with the role admin; lines without a name are theirs");

    /// <summary>Whose lines without a name are.</summary>
    public Speaker Otherwise => otherwise;

    /// <summary>
    /// The log of a process that talks: at a terminal above the prompt; where lines come from a pipe, warnings and errors on standard
    /// error.
    /// </summary>
    public ILoggerFactory OpenLog() => SentenceLog.To((level, sentence) => Log(level, sentence));

    /// <summary>Prints a text of our own.</summary>
    public void Say(string text) => _writer.Say(text);

    /// <summary>Talks until the input ends. 0: fine; 1: something was refused or failed.</summary>
    public async Task<int> RunAsync(ConversationCore core, CancellationToken cancel)
    {
        using var printing = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        // Whoever forgets at a terminal to say who they are can do least.
        var offers = new TerminalOffers(core, people, Console.IsInputRedirected ? otherwise : TerminalOffers.LeastOf(people));
        var printed = _writer.RunAsync(core.Room, printing.Token, offers);
        var isNew = firstSteps is not null && (await core.Ledger.LoadAllAsync(cancel)).Values.All(s => s.Running.Gateway is null);
        if (isNew)
            Say(firstSteps!);
        var code = Console.IsInputRedirected
            ? await new PipeSession(core, _writer, people, otherwise, settle).RunAsync(Console.In, cancel)
            : await TalkAsync(core, offers, isNew, cancel);
        await printing.CancelAsync();
        await printed.ContinueWith(_ => { }, TaskScheduler.Default);
        return code;
    }

    private void Log(LogLevel level, string sentence)
    {
        if (level > LogLevel.Information && !_writer.IsTerminal)
            Console.Error.WriteLine(sentence);
        else
            Say(sentence);
    }

    private async Task<int> TalkAsync(ConversationCore core, TerminalOffers offers, bool isNew, CancellationToken cancel)
    {
        await using var web = await WebHost.StartAsync(port, people, core, Say, cancel);
        var editor = new LineEditor(
            _writer,
            new SaidBefore(history),
            [.. people.Select(p => p.Actor.Id)],
            () => Console.ReadKey(intercept: true),
            () => Console.WindowWidth is > 0 and var width ? width : Narrow
        );
        Console.TreatControlCAsInput = true;
        return await new TerminalSession(core, _writer, people, offers, editor.ReadLine).RunAsync(isNew, cancel);
    }
}
