using System.Collections.Immutable;
using System.Net.Sockets;
using ChatOps.Bot.Configuration;
using ChatOps.Bot.Local;
using ChatOps.Bot.Terminal;
using ChatOps.Core.Domain.Authority;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ChatOps.Bot.Requests;

/// <summary>The Unix socket over which programs on this machine say lines; the kernel says whose they are.</summary>
public sealed class LineSocket : IAsyncDisposable
{
    // struct sockaddr_un has 108 bytes for the path and the byte behind it: unix(7).
    private const int LongestPath = 107;

    private readonly WebApplication _app;

    private LineSocket(WebApplication app, string path) => (_app, Path) = (app, path);

    /// <summary>The path of the Unix socket.</summary>
    public string Path { get; }

    /// <summary>
    /// Opens it for the accounts of the policy file. Its owner and its group may connect; its group is that of a folder with the
    /// set-group-ID bit.
    /// </summary>
    /// <exception cref="ConfigurationException">It cannot be there.</exception>
    public static Task<LineSocket> OpenAsync(string path, Accounts accounts, ConversationCore core, CancellationToken cancel) =>
        OpenAsync(path, (context, line) => Caller.ByPeer(context, line, accounts), core, cancel);

    /// <summary>Opens it beside a terminal: who may connect there can speak as anybody, by a name in front of the line.</summary>
    /// <exception cref="ConfigurationException">It cannot be there.</exception>
    public static Task<LineSocket> OpenLikeTerminalAsync(
        string path,
        ImmutableArray<Speaker> users,
        Speaker otherwise,
        ConversationCore core,
        CancellationToken cancel
    ) =>
        OpenAsync(
            path,
            (_, line) =>
                NamedLine.Read(line, users, otherwise) is var (speaker, text)
                    ? new Caller.Known(speaker, text)
                    : new Caller.Unknown(
                        $"no user \"{line.Split(':')[0].Trim()}\". Users: {string.Join(", ", users.Select(u => u.Actor.Id))}"
                    ),
            core,
            cancel
        );

    /// <summary>Closes it, and lets what is under way end.</summary>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        File.Delete(Path);
    }

    private static async Task<LineSocket> OpenAsync(
        string path,
        Func<HttpContext, string, Caller> who,
        ConversationCore core,
        CancellationToken cancel
    )
    {
        var full = System.IO.Path.GetFullPath(path);
        if (System.Text.Encoding.UTF8.GetByteCount(full) > LongestPath)
            throw new ConfigurationException($"{full}: the path of a socket has {LongestPath} bytes at most");
        await ClearAsync(full, cancel);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenUnixSocket(full));
        var app = builder.Build();
        LineEndpoint.Map(app, core, who);
        try
        {
            await app.StartAsync(cancel);
            File.SetUnixFileMode(full, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite);
            return new(app, full);
        }
        catch (Exception e) when (e is IOException or SocketException or UnauthorizedAccessException)
        {
            await app.DisposeAsync();
            throw new ConfigurationException($"{full}: {e.Message}", e);
        }
    }

    // What was killed leaves its socket behind, and nobody answers there.
    private static async Task ClearAsync(string path, CancellationToken cancel)
    {
        if (!File.Exists(path))
            return;
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancel);
        }
        catch (SocketException)
        {
            File.Delete(path);
            return;
        }

        throw new ConfigurationException($"{path}: another ChatOps answers there");
    }
}
