using System.Globalization;
using System.Text.Json;
using Microsoft.Playwright;

namespace ChatOps.Browser;

/// <summary>
/// The page with little and with very much on it: what it looks like is kept, and what is much is as quick as what is little.
/// </summary>
[Collection(ChromiumCollection.Name)]
public sealed class SizeTests(Chromium chromium)
{
    private const int MostRows = 60; // as elements, on a screen of this height
    private const int RowHeight = 46; // as open.css says

    [Theory]
    [InlineData(1, 1)]
    [InlineData(30, 6)]
    [InlineData(500, 45)]
    [InlineData(5000, 20)]
    public async Task What_is_open_is_a_table_of_any_size(int ports, int vms)
    {
        await using var edition = await FilledAsync(ports, vms);
        await using var olga = await chromium.SignInAsync(edition, "operator");
        var page = olga.Page;
        await page.AddInitScriptAsync("localStorage.removeItem('picture')");
        await page.ReloadAsync();
        await olga.GoAsync("now");
        await Assertions
            .Expect(page.Locator(".shown"))
            .ToHaveTextAsync(
                new System.Text.RegularExpressions.Regex($"^{ports.ToString("N0", CultureInfo.InvariantCulture)} ports? open")
            );
        await Assertions
            .Expect(page.GetByRole(AriaRole.Table, new() { Name = "What is open" }))
            .ToHaveAttributeAsync("aria-rowcount", $"{ports + 1}");
        Assert.InRange(await page.Locator(".rows .row").CountAsync(), 1, MostRows);
        foreach (
            var (view, name) in new[]
            {
                ("chat", "chat"),
                ("timeline", "timeline"),
                ("changes", "changes"),
                ($"changes/gw1/{vms + 1}", "change"),
                ("now", "now"),
            }
        )
            await KeepAsync(olga, view, $"{name}-{ports}");
        if (ports < 5000)
            return;
        await ScrollAsync(page, $"{ports} rows, as fast as a wheel", 4000);
        await ScrollAsync(page, $"{ports} rows, dragged from end to end", 100_000);
        await olga.SeesAsync(page.GetByRole(AriaRole.Link, new() { Name = "tcp 24999", Exact = true }));

        // A group of the picture is what it says it is.
        await page.EvaluateAsync("() => document.querySelector('#views').scrollTop = 0");
        await page.Locator("summary", new() { HasText = "Picture" }).ClickAsync();
        await olga.Picture.GetByRole(AriaRole.Link, new() { Name = "250 ports" }).First.ClickAsync();
        await Assertions.Expect(page.Locator(".shown")).ToHaveTextAsync("250 ports of 5,000");
    }

    // A view, wide and on a phone, by day and by night; nothing of it sticks out to the side.
    private static async Task KeepAsync(Visitor visitor, string view, string name)
    {
        await visitor.GoAsync(view);
        await visitor.SeesAsync(
            visitor.Page.Locator(view == "chat" ? "#room article" : "section:not([hidden]) :is(.rows .row, .lines li, .changes li)")
        );
        foreach (var width in new[] { 1280, 390 })
        {
            await visitor.Page.SetViewportSizeAsync(width, 860);
            foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
            {
                await visitor.Page.EmulateMediaAsync(new() { ColorScheme = scheme });
                await visitor.KeepAsync($"{name}-{(scheme == ColorScheme.Dark ? "dark" : "light")}-{width}");
            }

            Assert.True(
                await visitor.Page.EvaluateAsync<bool>(
                    "() => [document.documentElement, document.querySelector('#views')].every(e => e.scrollWidth <= e.clientWidth)"
                ),
                $"{name} is wider than {width}"
            );
        }

        await visitor.Page.SetViewportSizeAsync(1280, 860);
    }

    // How quick it is depends on the machine and is told; how much is done for it does not. A row is made once, when it comes near, and
    // never more than a screen has.
    private static async Task ScrollAsync(IPage page, string what, int speed)
    {
        var done = await page.EvaluateAsync<JsonElement>(Scroll, speed);
        double[] frames = [.. done.GetProperty("frames").EnumerateArray().Select(f => f.GetDouble())];
        int Number(string name) => done.GetProperty(name).GetInt32();
        FormattableString times =
            $"middle {frames[frames.Length / 2]:0.0} ms, 95 % below {frames[frames.Length * 95 / 100]:0.0} ms, longest {frames[^1]:0.0} ms";
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"FIGURE page, {what}: {frames.Length} frames in 3 s, {times.ToString(CultureInfo.InvariantCulture)}; {Number("made")} rows made, {Number("elements")} elements at most"
            )
        );
        Assert.InRange(Number("most"), 1, MostRows);
        Assert.InRange(Number("madeAtOnce"), 0, MostRows);
        Assert.InRange(Number("made"), 1, (Number("distance") / RowHeight) + MostRows);
        Assert.InRange(Number("elements"), 1, 2500);
    }

    // Scrolls at so many pixels a second, for three seconds, and counts; then to the end. The times of the frames are in milliseconds,
    // sorted.
    private const string Scroll = """
        (speed) => new Promise((done) => {
          const view = document.querySelector('#views');
          const rows = view.querySelector('.rows');
          const frames = [];
          let [made, madeAtOnce, most, elements, distance] = [0, 0, 0, 0, 0];
          const watch = new MutationObserver((records) => {
            const now = records.reduce((sum, r) => sum + r.addedNodes.length, 0);
            made += now;
            madeAtOnce = Math.max(madeAtOnce, now);
            most = Math.max(most, rows.childElementCount);
            elements = Math.max(elements, view.querySelector('#now').getElementsByTagName('*').length);
          });
          let before = performance.now();
          const begin = before;
          view.scrollTop = 0;
          watch.observe(rows, { childList: true });
          requestAnimationFrame(function next(now) {
            frames.push(now - before);
            before = now;
            view.scrollTop = speed * (now - begin) / 1000;
            if (now - begin < 3000) return requestAnimationFrame(next);
            distance = Math.round(view.scrollTop);
            view.scrollTop = view.scrollHeight;
            watch.disconnect();
            done({ frames: frames.slice(1).sort((a, b) => a - b), made, madeAtOnce, most, elements, distance });
          });
        })
        """;

    private static async Task<Edition> FilledAsync(int ports, int vms)
    {
        var edition = await Edition.StartAsync();
        var each = (ports + vms - 1) / vms;
        var lines = new List<string>();
        for (var i = 0; i < vms; i++)
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"vm add api{100 + i} 10.1.{i / 200}.{(i % 200) + 10}"));
        for (int i = 0, done = 0; i < vms && done < ports; i++, done += each)
        {
            var (first, last) = (20000 + done, 20000 + Math.Min(ports, done + each) - 1);
            var range = first == last ? $"{first}" : $"{first}-{last}";
            lines.Add(
                $"expose api{100 + i}:{range} on {range}{(i % 3 == 0 ? " from 203.0.113.0/24" : "")}{(i % 5 == 1 ? " for 40m" : "")} because \"what team {i} needs for its tests, which go on until the next release\""
            );
        }

        await edition.AppliedAsync([.. lines]);
        await edition.CountsAsync([
            .. Enumerable.Range(0, Math.Min(ports, 400)).Select(i => ($"{20000 + (i * ports / Math.Min(ports, 400))}", (i * 37 % 900) + 1)),
        ]);
        return edition;
    }
}
