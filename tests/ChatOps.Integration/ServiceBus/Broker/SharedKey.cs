using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Web;

namespace ChatOps.Integration.ServiceBus.Broker;

/// <summary>
/// Checks tokens of shared access signatures: <c>SharedAccessSignature sr=RESOURCE&amp;sig=HMAC&amp;se=EXPIRY&amp;skn=NAME</c>, where the
/// HMAC is over the encoded resource, a line feed and the expiry.
/// </summary>
internal static class SharedKey
{
    /// <summary>Why a token does not open a resource; null when it does.</summary>
    public static string? Problem(string token, string audience, string keyName, string key, DateTimeOffset now)
    {
        const string Scheme = "SharedAccessSignature ";
        if (!token.StartsWith(Scheme, StringComparison.Ordinal))
            return "not a shared access signature";
        var raw = token[Scheme.Length..].Split('&').Select(p => p.Split('=', 2)).ToDictionary(p => p[0], p => p[1]);
        if (HttpUtility.UrlDecode(raw["skn"]) != keyName)
            return "another key's name";
        if (long.Parse(raw["se"], CultureInfo.InvariantCulture) <= now.ToUnixTimeSeconds())
            return "expired";
        var signed = Convert.ToBase64String(
            HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes($"{raw["sr"]}\n{raw["se"]}"))
        );
        if (HttpUtility.UrlDecode(raw["sig"]) != signed)
            return "signed with another key";

        // A token for the namespace opens everything in it, whatever scheme and port it was asked for with.
        var (granted, asked) = (new Uri(HttpUtility.UrlDecode(raw["sr"])), new Uri(audience));
        return
            granted.Host == asked.Host
            && asked.AbsolutePath.StartsWith(granted.AbsolutePath.TrimEnd('/'), StringComparison.OrdinalIgnoreCase)
            ? null
            : "for another resource";
    }
}
