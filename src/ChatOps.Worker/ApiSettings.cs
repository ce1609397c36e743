using System.Security.Cryptography;
using System.Text;

namespace ChatOps.Worker;

/// <param name="Listen">The address, such as <c>http://127.0.0.1:7071</c>.</param>
/// <param name="Key">What a caller sends in <c>x-functions-key</c>, as to a function app; null when nobody may call.</param>
internal sealed record ApiSettings(Uri Listen, string? Key)
{
    public const string Usual = "http://127.0.0.1:7071";

    /// <summary>Reads them; what is wrong is added to the problems, each a sentence with an example.</summary>
    public static ApiSettings Read(IConfiguration configuration, ICollection<string> problems)
    {
        var text = configuration["CHATOPS:Worker:Listen"] is { Length: > 0 } given ? given : Usual;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var listen) || listen.Scheme != Uri.UriSchemeHttp || listen.PathAndQuery != "/")
            problems.Add($"CHATOPS__Worker__Listen: expected an address such as {Usual}, found \"{text}\"");
        return new(listen ?? new(Usual), configuration["CHATOPS:Worker:Key"] is { Length: > 0 } key ? key : null);
    }

    /// <summary>True when a request has the key.</summary>
    public bool HasKey(HttpRequest request) =>
        Key is not null
        && request.Headers.TryGetValue("x-functions-key", out var sent)
        && CryptographicOperations.FixedTimeEquals(Hash(sent.ToString()), Hash(Key));

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
