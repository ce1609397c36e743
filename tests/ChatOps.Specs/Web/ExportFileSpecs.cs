using System.Net;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Specs.Web;

/// <summary>An answer as a file on the page: for the one who asked, for a while. And a room in which not everybody sees all.</summary>
public sealed class ExportFileSpecs : IAsyncLifetime
{
    private const string Key = "5zpVn1D2vgl+TFxFHbdC5fFqWlWaSjWsWdEHJnY3l2s=";

    private WebRoom _web = null!;

    public async Task InitializeAsync() => _web = await WebRoom.OpenAsync();

    public Task DisposeAsync() => _web.DisposeAsync().AsTask();

    [Fact]
    public async Task Who_asked_fetches_it_and_nobody_else_does()
    {
        using var olga = await _web.SignInAsync("olga");
        using var ada = await _web.SignInAsync("ada");
        var id = await AskAsync(olga);
        using var foreign = await ada.GetAsync($"/export?id={id}");
        Assert.Equal(HttpStatusCode.Gone, foreign.StatusCode);
        using var stranger = new Browser(_web.Uri);
        using var unsigned = await stranger.GetAsync($"/export?id={id}");
        Assert.Equal(HttpStatusCode.Unauthorized, unsigned.StatusCode);

        using var fetched = await olga.GetAsync($"/export?id={id}");
        Assert.Equal(HttpStatusCode.OK, fetched.StatusCode);
        Assert.Equal("attachment", fetched.Content.Headers.ContentDisposition!.DispositionType);
        Assert.StartsWith("time,gateway,change,what,who,details", await fetched.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_is_gone_after_a_while()
    {
        using var olga = await _web.SignInAsync("olga");
        var id = await AskAsync(olga);
        _web.Clock.Advance(TimeSpan.FromMinutes(11));
        await olga.SeesAsync("is gone; ask again.");
        using var late = await olga.GetAsync($"/export?id={id}");
        Assert.Equal(HttpStatusCode.Gone, late.StatusCode);
    }

    [Fact]
    public async Task What_others_were_answered_is_shown_to_a_viewer_without_what_is_hidden_from_them()
    {
        await _web.HappensAsync(
            new PeerAdded(0, Text.Parse<Name<Peer>>("laptop"), Text.Parse<WireGuardKey>(Key), Text.Parse<Address>("10.1.0.77"))
        );
        using var olga = await _web.SignInAsync("olga");
        using var vic = await _web.SignInAsync("vic");
        using var said = await olga.SayAsync("peers");
        Assert.Contains(Key, (await olga.SeesAsync("1 peer")).Word("text"), StringComparison.Ordinal);
        var seen = (await vic.SeesAsync("1 peer")).Word("text");
        Assert.DoesNotContain(Key, seen, StringComparison.Ordinal);
        Assert.DoesNotContain("10.1.0.77", seen, StringComparison.Ordinal);
        Assert.Contains("laptop", seen, StringComparison.Ordinal);

        // A proposal too, with its diff.
        using var proposed = await olga.SayAsync("vm add vm9 10.1.0.9");
        Assert.Contains("10.1.0.9", (await olga.SeesAsync("waiting for 1 approval")).Word("text"), StringComparison.Ordinal);
        var proposal = await vic.SeesAsync("waiting for 1 approval");
        Assert.DoesNotContain("10.1.0.", proposal.Word("text") + proposal.Word("diff"), StringComparison.Ordinal);
    }

    private static async Task<string> AskAsync(Browser browser)
    {
        using var said = await browser.SayAsync("export audit as csv");
        return (await browser.SeesAsync("waits here for 10 min.")).Word("download");
    }
}
