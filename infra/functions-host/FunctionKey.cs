using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace ChatOps.FunctionsHost;

/// <summary>
/// The key that callers of functions need, unless these are anonymous: in the header <c>x-functions-key</c> or in the query as <c>code</c>. Without a
/// key in the setting nobody may call them.
/// </summary>
internal sealed class FunctionKey(string? key)
{
    /// <summary>The setting that it comes from. The handler does not get it.</summary>
    public const string Setting = "FunctionsHost__Key";

    private readonly byte[]? _hash = string.IsNullOrEmpty(key) ? null : Hash(key);

    /// <summary>False when there is none.</summary>
    public bool IsSet => _hash is not null;

    /// <summary>True when a request has it.</summary>
    public bool IsIn(HttpRequest request)
    {
        var given = request.Headers.TryGetValue("x-functions-key", out var header) ? header.ToString() : request.Query["code"].ToString();
        return _hash is not null && CryptographicOperations.FixedTimeEquals(Hash(given), _hash);
    }

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
