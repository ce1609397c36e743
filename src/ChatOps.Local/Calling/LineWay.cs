using System.Net.Http.Headers;
using System.Net.Sockets;

namespace ChatOps.Local.Calling;

/// <summary>The way to a ChatOps that runs: its socket on this machine, or HTTP with a token.</summary>
internal sealed record LineWay(HttpClient Client, string Place, string Next) : IDisposable
{
    /// <summary>The way that the command line or the environment names.</summary>
    /// <param name="socket">The socket; null when the command line names none.</param>
    /// <param name="url">The address; null when the command line names none.</param>
    /// <param name="problem">What is wrong with them; null when nothing is.</param>
    public static LineWay? Of(string? socket, string? url, Func<string, string?> setting, out string? problem)
    {
        problem = null;
        if (socket is not null && url is not null)
            problem = "expected --socket or --url, and not both";
        else if (socket is null && (url ?? setting("CHATOPS_URL")) is { Length: > 0 } address)
            return OverHttp(address, setting, out problem);
        return problem is null
            ? OverSocket(socket ?? (setting("CHATOPS_SOCKET") is { Length: > 0 } named ? named : SocketFile.Find()))
            : null;
    }

    /// <summary>True when its socket is not there.</summary>
    public bool IsMissing => Place.StartsWith('/') && !File.Exists(Place);

    /// <inheritdoc/>
    public void Dispose() => Client.Dispose();

    private static LineWay OverSocket(string named)
    {
        var path = Path.GetFullPath(named);
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            ConnectCallback = async (_, cancel) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                try
                {
                    await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancel);
                    return new NetworkStream(socket, ownsSocket: true);
                }
                catch
                {
                    socket.Dispose();
                    throw;
                }
            },
        };
        return new(ClientOver(handler, new Uri("http://localhost")), path, "systemctl start chatops, or --socket FILE");
    }

    private static LineWay? OverHttp(string address, Func<string, string?> setting, out string? problem)
    {
        problem = null;
        if (
            !Uri.TryCreate(address, UriKind.Absolute, out var uri)
            || !(uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback))
        )
            problem = $"--url {address}: expected https://HOST, or http://127.0.0.1:PORT on this machine, because a token goes there";
        else if (TokenOf(setting, out problem) is { } token)
        {
            var client = ClientOver(new SocketsHttpHandler { AllowAutoRedirect = false }, uri);
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
            return new(client, address, "look whether ChatOps runs there, or --url");
        }

        return null;
    }

    private static string? TokenOf(Func<string, string?> setting, out string? problem)
    {
        problem = null;
        if (setting("CHATOPS_TOKEN")?.Trim() is { Length: > 0 } token)
            return token;
        try
        {
            if (setting("CHATOPS_TOKEN_FILE") is { Length: > 0 } file && File.ReadAllText(file).Trim() is { Length: > 0 } text)
                return text;
            problem = "no token: expected CHATOPS_TOKEN, or CHATOPS_TOKEN_FILE with the name of a file. Next: chatops token makes one";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problem = $"CHATOPS_TOKEN_FILE: {e.Message}";
        }

        return null;
    }

    private static HttpClient ClientOver(SocketsHttpHandler handler, Uri address) =>
        new(handler) { BaseAddress = address, Timeout = Timeout.InfiniteTimeSpan };
}
