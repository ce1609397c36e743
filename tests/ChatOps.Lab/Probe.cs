using System.Text.RegularExpressions;

namespace ChatOps.Lab;

/// <summary>What machines of the lab send each other, and what the gateway counts of it.</summary>
internal static partial class Probe
{
    public const string Far = "198.51.100.200";

    /// <summary>What <paramref name="host"/> fetches, from one of its addresses; null when there is no answer.</summary>
    public static Task<string?> FetchAsync(string host, string url, string? from = null) => FetchAsync(host, url, from, seconds: 60);

    /// <summary>The same by somebody who gives up soon: for what is to have no answer.</summary>
    public static Task<string?> GlanceAsync(string host, string url, string? from = null) => FetchAsync(host, url, from, seconds: 2);

    private static async Task<string?> FetchAsync(string host, string url, string? from, int seconds)
    {
        var output = await Lab.ExecAsync(
            host,
            ["curl", "-s", "-g", "-m", $"{seconds}", .. from is null ? Array.Empty<string>() : ["--interface", from], url]
        );
        return output.Code == 0 ? output.Text.Trim() : null;
    }

    /// <summary>What the far host says whom it saw: <c>203.0.113.10</c> and the port; null when it cannot be reached.</summary>
    public static async Task<(string Address, int Port)?> SeenByFarAsync(string host, string address = Far)
    {
        var text = await FetchAsync(host, UrlOf(address));
        return text is null ? null : SeenIn(text);
    }

    /// <summary>Whether anything comes back from the far host within a moment.</summary>
    public static async Task<bool> ReachesFarAsync(string host, string address = Far) =>
        await GlanceAsync(host, UrlOf(address)) is not null;

    private static string UrlOf(string address) =>
        $"http://{(address.Contains(':', StringComparison.Ordinal) ? $"[{address}]" : address)}:8080/";

    /// <summary>The address and port in <c>far saw 203.0.113.10:41234</c>.</summary>
    public static (string Address, int Port) SeenIn(string text)
    {
        var match = Seen().Match(text);
        Assert.True(match.Success, text);
        return (match.Groups[1].Value, int.Parse(match.Groups[2].Value, System.Globalization.CultureInfo.InvariantCulture));
    }

    /// <summary>Packets that a named counter of the gateway's table has counted.</summary>
    public static async Task<int> CountedAsync(string counter)
    {
        var text = (await Lab.ExecAsync("gw1", "nft", "list", "counter", "inet", "chatops", counter)).Succeeded().Text;
        return int.Parse(Packets().Match(text).Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>The flows that conntrack on the gateway knows of, with such options.</summary>
    public static async Task<string[]> FlowsAsync(params string[] options) =>
        (await Lab.ExecAsync("gw1", ["conntrack", "-L", .. options])).Succeeded().Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>vm1 behind WireGuard, and its tunnel up.</summary>
    public static async Task AddVm1Async(Team team)
    {
        var key = (await Lab.CallAsync("pubkey", "vm1")).Succeeded().Text.Trim();
        await team.AppliedAsync($"peer add vm1 {key} 10.1.0.2", "vm add vm1 10.1.0.2");
        await Eventually.TrueAsync(async () => (await Lab.ExecAsync("gw1", "ping", "-c", "1", "-W", "1", "10.1.0.2")).Code == 0);
    }

    [GeneratedRegex(@"^far saw \[?([0-9a-f.:]+?)\]?:(\d+)$")]
    private static partial Regex Seen();

    [GeneratedRegex(@"packets (\d+)")]
    private static partial Regex Packets();
}
