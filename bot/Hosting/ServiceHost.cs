using System.Collections.Immutable;
using ChatOps.Core.Policy;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace ChatOps.Bot.Hosting;

/// <summary>
/// A process without a terminal: it serves until it is stopped, reads no input, and prints nothing that people say, because what it prints ends up in
/// somebody's log. Links that sign people in go into a file that only its owner reads.
/// </summary>
/// <param name="people">Who may sign in to the web page.</param>
/// <param name="port">The web page's port on 127.0.0.1; 0 for any.</param>
/// <param name="links">The file for the links.</param>
/// <param name="alive">Where whoever asks is told that it lives; null for nowhere.</param>
/// <param name="say">Prints a text of our own.</param>
internal sealed class ServiceHost(ImmutableArray<Speaker> people, int port, string links, Uri? alive, Action<string> say)
{
    /// <summary>Serves until cancelled, which is its good end: 0.</summary>
    public async Task<int> RunAsync(ConversationCore core, CancellationToken cancel)
    {
        try
        {
            await using var asked = alive is null ? null : await AnswerAsync(alive, cancel);
            var given = new List<string>();
            await using var web = await WebHost.StartAsync(port, people, core, given.Add, cancel);
            await WriteAsync(given, cancel);
            say($"serving until SIGTERM{(web is null ? "" : $"; the web chat's links are in {links}")}");
            await Task.Delay(Timeout.Infinite, cancel);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            say("stopped. What was accepted and is not finished goes on");
        }
        finally
        {
            // They end with this process.
            File.Delete(links);
        }

        return 0;
    }

    private async Task<WebApplication?> AnswerAsync(Uri at, CancellationToken cancel)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(at.GetLeftPart(UriPartial.Authority));
        var app = builder.Build();
        app.MapGet("/", () => "alive");
        try
        {
            await app.StartAsync(cancel);
            return app;
        }
        catch (IOException)
        {
            await app.DisposeAsync();
            say($"{at.GetLeftPart(UriPartial.Authority)} is taken, by Discord's interactions or by somebody else: whoever asks there whether the bot lives hears of that");
            return null;
        }
    }

    private async Task WriteAsync(List<string> lines, CancellationToken cancel)
    {
        File.Delete(links);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite };
        await using var file = new StreamWriter(new FileStream(links, options));
        foreach (var line in lines)
            await file.WriteLineAsync(line.AsMemory(), cancel);
    }
}
