using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Specs.Web;

/// <summary>A configuration with a private key, on the page: one person, once, for a while.</summary>
public sealed class PrivateFileSpecs : IAsyncLifetime
{
    private const string GatewayKey = "5zpVn1D2vgl+TFxFHbdC5fFqWlWaSjWsWdEHJnY3l2s=";

    private WebRoom _web = null!;

    public async Task InitializeAsync()
    {
        _web = await WebRoom.OpenAsync();
        _web.IsAskedOf(Text.Parse<WireGuardKey>(GatewayKey));
    }

    public Task DisposeAsync() => _web.DisposeAsync().AsTask();

    [Fact]
    public async Task Who_asked_fetches_it_once_and_nobody_else_does()
    {
        using var olga = await _web.SignInAsync("olga");
        using var ada = await _web.SignInAsync("ada");
        var id = await AskAsync(olga);

        using var foreign = await ada.PostAsync($"/file?id={id}", null);
        Assert.Equal(HttpStatusCode.Gone, foreign.StatusCode);
        using var other = await olga.PostAsync($"/file?id={id}", null, origin: "http://evil.example");
        Assert.Equal(HttpStatusCode.Forbidden, other.StatusCode);

        using var fetched = await olga.PostAsync($"/file?id={id}", null);
        Assert.Equal(HttpStatusCode.OK, fetched.StatusCode);
        Assert.True(fetched.Headers.CacheControl!.NoStore);
        var file = await fetched.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal("laptop.conf", file.Word("name"));
        Assert.Contains($"\nEndpoint = 203.0.113.10:51820\nAllowedIPs = 10.1.0.0/16\n", file.Word("content"), StringComparison.Ordinal);
        Assert.StartsWith("M", file.Word("path"), StringComparison.Ordinal);

        using var again = await olga.PostAsync($"/file?id={id}", null);
        Assert.Equal(HttpStatusCode.Gone, again.StatusCode);
    }

    [Fact]
    public async Task The_private_key_and_the_preshared_one_are_in_no_message_and_in_no_log()
    {
        using var olga = await _web.SignInAsync("olga");
        using var ada = await _web.SignInAsync("ada");
        using var fetched = await olga.PostAsync($"/file?id={await AskAsync(olga)}", null);
        var file = await fetched.Content.ReadFromJsonAsync<JsonElement>();
        string[] secrets = [SettingOf(file.Word("content"), "PrivateKey"), SettingOf(file.Word("content"), "PresharedKey")];

        using var last = await olga.SayAsync("# last");
        var (mine, theirs) = (await AllAsync(olga), await AllAsync(ada));
        Assert.Contains("laptop.conf went to olga and nobody else", theirs, StringComparison.Ordinal);
        Assert.Contains("laptop.conf was fetched", mine, StringComparison.Ordinal);
        Assert.DoesNotContain("was fetched", theirs, StringComparison.Ordinal);
        foreach (var text in (string[])[mine, theirs, _web.Stored()])
            Assert.All(secrets, secret => Assert.DoesNotContain(secret, text, StringComparison.Ordinal));
    }

    private static string SettingOf(string configuration, string name) =>
        configuration.Split('\n').Single(l => l.StartsWith($"{name} = ", StringComparison.Ordinal))[(name.Length + 3)..];

    [Fact]
    public async Task It_is_gone_when_nobody_fetched_it_in_time()
    {
        using var olga = await _web.SignInAsync("olga");
        var id = await AskAsync(olga);
        _web.Clock.Advance(TimeSpan.FromMinutes(11));
        await olga.SeesAsync("laptop.conf was not fetched within 10 min and is gone.");
        using var late = await olga.PostAsync($"/file?id={id}", null);
        Assert.Equal(HttpStatusCode.Gone, late.StatusCode);
    }

    private static async Task<string> AskAsync(Browser olga)
    {
        using var said = await olga.SayAsync("peer add laptop");
        Assert.Equal(HttpStatusCode.Accepted, said.StatusCode);
        return (await olga.SeesAsync("laptop.conf waits here for you alone.")).Word("file");
    }

    private static async Task<string> AllAsync(Browser reader) =>
        string.Join(
            '\n',
            await reader.EventsAsync().Messages().TakeWhile(m => m.Word("text") != "# last").Select(m => m.GetRawText()).ToListAsync()
        );
}
