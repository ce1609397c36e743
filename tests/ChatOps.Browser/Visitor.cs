using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace ChatOps.Browser;

/// <summary>A person at a browser. What the browser complains of, a broken policy above all, fails the test at its end.</summary>
public sealed class Visitor : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly ConcurrentQueue<string> _complaints = [];
    private string? _forgiven;

    public Visitor(IBrowserContext context, IPage page)
    {
        (_context, Page) = (context, page);
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
                _complaints.Enqueue(message.Text);
        };
        page.PageError += (_, error) => _complaints.Enqueue(error);
    }

    public IPage Page { get; }

    /// <summary>Goes to a view as a link or a bookmark would.</summary>
    public async Task GoAsync(string view)
    {
        await Page.GotoAsync($"/#/{view}");
        await Assertions.Expect(Page.GetByText("connected", new() { Exact = true })).ToBeVisibleAsync();
    }

    /// <summary>Types a line into the chat.</summary>
    public async Task SayAsync(string line)
    {
        await Page.GetByRole(AriaRole.Textbox, new() { Name = "Line" })
            .Or(Page.GetByRole(AriaRole.Combobox, new() { Name = "Line" }))
            .FillAsync(line);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Send", Exact = true }).ClickAsync();
    }

    public ILocator Link(string name, bool exact = false) => Page.GetByRole(AriaRole.Link, new() { Name = name, Exact = exact });

    public ILocator Button(string name) => Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    public ILocator Slider => Page.GetByRole(AriaRole.Slider, new() { Name = "Time" });

    public ILocator Picture => Page.Locator("section:not([hidden]) .canvas svg");

    /// <summary>The rows of what is open; of many, those near the screen.</summary>
    public ILocator Rows => Page.Locator(".rows .row");

    public ILocator Row(string label) => Rows.Filter(new() { Has = Link(label, exact: true) });

    public Task SeesAsync(ILocator what) => Assertions.Expect(what.First).ToBeVisibleAsync();

    public Task SeesAsync(string text) => SeesAsync(Page.GetByText(text));

    public Task SeesNoneAsync(ILocator what) => Assertions.Expect(what).ToHaveCountAsync(0);

    /// <summary>Everything that the page holds, shown or not.</summary>
    public Task<string> AllTextAsync() => Page.EvaluateAsync<string>("() => document.documentElement.outerHTML");

    /// <summary>Keeps what is on the screen, as output of the tests.</summary>
    public Task KeepAsync(string name) => Page.ScreenshotAsync(new() { Path = Path.Combine(Checkout.Screenshots, $"{name}.png") });

    /// <summary>A complaint that a test has brought about.</summary>
    public void Forgives(string complaint) => _forgiven = complaint;

    public async ValueTask DisposeAsync()
    {
        await _context.DisposeAsync();
        Assert.Empty(_complaints.Where(c => _forgiven is null || !c.Contains(_forgiven, StringComparison.Ordinal)));
    }
}
