using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;

namespace ChatOps.Bot.Requests;

/// <summary>The account at the other end of a Unix socket, as the kernel says it (<c>SO_PEERCRED</c>, unix(7)).</summary>
/// <param name="Name">Its name; null when this machine knows none.</param>
internal readonly record struct UnixPeer(string Number, string? Name)
{
    private const int SolSocket = 1;
    private const int SoPeerCred = 17;

    public static UnixPeer Of(HttpContext context)
    {
        var socket = context.Features.Get<IConnectionSocketFeature>()?.Socket
            ?? throw new InvalidOperationException("this request did not come by a socket");
        Span<byte> credentials = stackalloc byte[12];
        if (socket.GetRawSocketOption(SolSocket, SoPeerCred, credentials) != credentials.Length)
            throw new InvalidOperationException("the kernel does not say who is at the other end");
        var user = MemoryMarshal.Read<uint>(credentials[4..]);
        return new(user.ToString(CultureInfo.InvariantCulture), NameOf(user));
    }

    public override string ToString() => Name is null ? $"the account {Number}" : $"{Name} ({Number})";

    // From wherever this machine has its accounts, which need not be /etc/passwd.
    private static string? NameOf(uint user)
    {
        var (record, texts) = (new byte[256], new byte[16 * 1024]);
        return GetUser(user, record, texts, (nuint)texts.Length, out var found) == 0 && found != 0
            ? Marshal.PtrToStringUTF8(Marshal.ReadIntPtr(found))
            : null;
    }

    // The name is the first member of struct passwd: getpwuid_r(3).
    [DllImport("libc", EntryPoint = "getpwuid_r")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int GetUser(uint user, [Out] byte[] record, [Out] byte[] texts, nuint size, out nint found);
}
