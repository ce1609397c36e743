using ChatOps.Bot.Configuration;
using ChatOps.Bot.Local;
using Microsoft.AspNetCore.Builder;

namespace ChatOps.Bot.Hosting;

/// <summary>
/// The page of a process without a terminal, on this machine only. The links that sign people in go into a file that only its owner reads:
/// what is printed ends up in somebody's log.
/// </summary>
public sealed class LinkedPage : IAsyncDisposable
{
    private readonly WebApplication? _web;
    private readonly string _links;

    private LinkedPage(WebApplication? web, string links) => (_web, _links) = (web, links);

    /// <summary>Where it is; null when its port is taken.</summary>
    public string? Address => _web?.Urls.First();

    /// <summary>Starts it. When the port is taken, everybody is told, and the rest goes on without.</summary>
    /// <param name="port">Its port on 127.0.0.1; 0 for any.</param>
    /// <param name="policy">Who may sign in, and whose programs may say lines.</param>
    /// <param name="links">The file for the links.</param>
    public static async Task<LinkedPage> StartAsync(
        int port,
        PolicyFile policy,
        ConversationCore core,
        string links,
        CancellationToken cancel
    )
    {
        File.Delete(links);
        var web = await WebHost.StartAsync(port, policy.Users, core, line => Give(links, line), cancel, policy.Accounts);
        if (web is null)
        {
            core.Troubles.Add(File.ReadAllText(links).Trim());
            File.Delete(links);
        }

        return new(web, links);
    }

    /// <summary>Ends it, and the links with it.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_web is not null)
            await _web.DisposeAsync();
        File.Delete(_links);
    }

    // Line by line, because each link that is used is followed by the next one.
    private static void Give(string links, string line)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.Append,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        using var file = new StreamWriter(new FileStream(links, options));
        file.WriteLine(line);
    }
}
