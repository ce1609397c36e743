namespace ChatOps.Discord;

/// <summary>Where Discord is and as whom to speak to it.</summary>
public sealed record DiscordOptions(Secret Token)
{
    /// <summary>The base of the REST API, version included. Setting: <c>Discord:ApiBase</c>.</summary>
    public Uri ApiBase { get; init; } = new("https://discord.com/api/v10/");

    /// <summary>The gateway; null for the one that the API names. Setting: <c>Discord:GatewayUrl</c>.</summary>
    public Uri? GatewayUrl { get; init; }

    /// <summary>How long one try of a request may take.</summary>
    public TimeSpan TryTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// After how long without a word a session that was asked for is given up: the events that were missed come, and at last that it runs.
    /// </summary>
    public TimeSpan SessionTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How often a request is tried when Discord does not work or cannot be reached.</summary>
    public int Tries { get; init; } = 5;

    /// <summary>How long after the first failure it is tried again; twice as long after each other one.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Why these addresses cannot be used; null when they can. The token goes over TLS, or it stays on this machine.</summary>
    public string? Problem =>
        Problems("Discord:ApiBase", ApiBase, Uri.UriSchemeHttps, Uri.UriSchemeHttp)
        ?? (GatewayUrl is null ? null : Problems("Discord:GatewayUrl", GatewayUrl, Uri.UriSchemeWss, Uri.UriSchemeWs));

    /// <summary>
    /// What the bot says that it is, in the form of Discord's documentation: an address and a version. Without it some servers answer
    /// nothing.
    /// </summary>
    internal static string UserAgent { get; } =
        $"DiscordBot (https://chatops.example, {typeof(DiscordOptions).Assembly.GetName().Version?.ToString(3) ?? "1.0"})";

    /// <summary>
    /// The address of a path below the base, whether or not the base ends with a slash; a bare <c>.../api</c> means version 10 of it.
    /// </summary>
    internal Uri At(string path)
    {
        var start = ApiBase.GetLeftPart(UriPartial.Path).TrimEnd('/');
        return new Uri($"{start}{(start.EndsWith("/api", StringComparison.Ordinal) ? "/v10" : "")}/{path}");
    }

    /// <summary>True for an address that the token may be sent to.</summary>
    internal static bool IsSafe(Uri address, string safe, string plain) =>
        address.Scheme == safe || (address.Scheme == plain && address.IsLoopback);

    private static string? Problems(string setting, Uri address, string safe, string plain) =>
        !address.IsAbsoluteUri || (address.Scheme != safe && address.Scheme != plain)
            ? $"{setting}: {address} is no address: expected {safe}://HOST/..."
        : !IsSafe(address, safe, plain) ? $"{setting}: {address} would send the bot's token in clear text: expected {safe}://"
        : null;
}
