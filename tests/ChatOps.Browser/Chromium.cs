using Microsoft.Playwright;

namespace ChatOps.Browser;

/// <summary>
/// One Chromium for all tests: the distribution's, without a window. Each person who looks has a context of their own in it.
/// </summary>
public sealed class Chromium : IAsyncLifetime
{
    // The one that has no window to draw first: it does the same in a third of the work.
    private static readonly string[] Programs =
    [
        "/usr/bin/chromium-headless-shell",
        "/usr/bin/chromium",
        "/usr/bin/chromium-browser",
        "/usr/bin/google-chrome",
    ];

    // As root there is no sandbox to be had; and nothing but the page is to be asked for.
    private static readonly string[] Options =
    [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ];

    private static readonly float Limit = (float)Patience.Limit.TotalMilliseconds;

    private IPlaywright _playwright = null!;

    public IBrowser Browser { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Assertions.SetDefaultExpectTimeout(Limit);
        _playwright = await Playwright.CreateAsync();
        var program = Programs.FirstOrDefault(File.Exists)
            ?? throw new FileNotFoundException("no Chromium on this machine. Next: apt-get install chromium-headless-shell");
        Browser = await _playwright.Chromium.LaunchAsync(
            new()
            {
                ExecutablePath = program,
                Headless = true,
                Args = Options,
                Timeout = Limit,
            }
        );
    }

    public async Task DisposeAsync()
    {
        await Browser.DisposeAsync();
        _playwright.Dispose();
    }

    /// <summary>The browser of somebody who has used their sign-in link.</summary>
    public async Task<Visitor> SignInAsync(Edition edition, string name, int width = 1280, ColorScheme scheme = ColorScheme.Light)
    {
        var visitor = await VisitorAsync(edition.Page, width, 860, scheme);
        await visitor.Page.GotoAsync(edition.LinkFor(name).ToString());
        return visitor;
    }

    /// <summary>Somebody's browser, with no cookies yet.</summary>
    public async Task<Visitor> VisitorAsync(Uri page, int width = 1280, int height = 860, ColorScheme scheme = ColorScheme.Light)
    {
        var context = await Browser.NewContextAsync(
            new()
            {
                BaseURL = page.ToString(),
                ViewportSize = new() { Width = width, Height = height },
                ColorScheme = scheme,
                ReducedMotion = ReducedMotion.Reduce,
                AcceptDownloads = true,

                // The certificate of a test is its own; whether browsers' rules for a secure page are kept is what is looked at.
                IgnoreHTTPSErrors = page.Scheme == Uri.UriSchemeHttps,
            }
        );
        context.SetDefaultTimeout(Limit);
        await context.AddInitScriptAsync("localStorage.getItem('picture') ?? localStorage.setItem('picture', 'open')");
        return new Visitor(context, await context.NewPageAsync());
    }
}

/// <summary>All tests with a browser: one after the other, because they share it and the machine.</summary>
[CollectionDefinition(Name)]
public sealed class ChromiumCollection : ICollectionFixture<Chromium>, ICollectionFixture<Furnished>
{
    public const string Name = "Chromium";
}
