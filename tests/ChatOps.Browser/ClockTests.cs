using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace ChatOps.Browser;

/// <summary>One clock on all of the page: the reader's.</summary>
[Collection(ChromiumCollection.Name)]
public sealed class ClockTests(Chromium chromium)
{
    private const string Until = "until 2190-01-15 18:00";

    [Fact]
    public async Task All_times_are_in_the_readers_zone()
    {
        const string Last = "\"recordQuestions\": false";
        const string Zoned = $"{Last}, \"timeZone\": \"Europe/Berlin\"";
        await using var edition = await Edition.StartAsync(p => p.Replace(Last, Zoned, StringComparison.Ordinal));
        await edition.AppliedAsync("vm add vm1 10.1.0.11", $"expose vm1:8080 on 80 {Until}");
        await edition.SayAsync($"operator: expose vm1:8081 on 81 {Until}");
        await using var ada = await chromium.SignInAsync(edition, "approver");
        await ada.GoAsync("now");
        await Assertions.Expect(ada.Row("tcp 80").Locator(".c-until")).ToContainTextAsync("2190-01-15 18:00");
        await Assertions.Expect(ada.Page.Locator(".shown")).ToContainTextAsync("times in Europe/Berlin");
        await LooksAsync("now");

        // Both the card of what is done and the one of what waits.
        var done = ada.Page.Locator("#room article.good").Filter(new() { HasText = "tcp 80" });
        await Assertions.Expect(done).ToContainTextAsync($"open tcp 80 -> vm1:8080 {Until} on gw1");
        await Assertions.Expect(ada.Page.Locator("#room article.waiting")).ToContainTextAsync($"open tcp 81 -> vm1:8081 {Until} on gw1");

        await ada.Slider.FocusAsync();
        await ada.Page.Keyboard.PressAsync("ArrowLeft");
        await Assertions.Expect(ada.Page.Locator("#now output.moment")).ToContainTextAsync($"open tcp 80 -> vm1:8080 {Until}");
        await Assertions.Expect(ada.Slider).ToHaveAttributeAsync("aria-valuetext", new Regex($" open tcp 80 -> vm1:8080 {Until}$"));
        await LooksAsync("the past");

        await ada.GoAsync("changes");
        await Assertions.Expect(ada.Page.Locator("#changes .headline").First).ToHaveTextAsync($"open tcp 81 -> vm1:8081 {Until}");
        await LooksAsync("changes");
        await ada.GoAsync("changes/gw1/2");
        await ada.SeesAsync(ada.Page.GetByRole(AriaRole.Heading, new() { Name = $"gw1#2 open tcp 80 -> vm1:8080 {Until}" }));
        await LooksAsync("a change");
        await ada.GoAsync("timeline");
        await ada.SeesAsync(ada.Page.Locator("#timeline .lines").GetByText($"open tcp 80 -> vm1:8080 {Until}"));
        await LooksAsync("timeline");

        async Task LooksAsync(string view)
        {
            var text = await ada.Page.EvaluateAsync<string>("() => document.body.innerText");
            Assert.False(text.Contains("UTC", StringComparison.Ordinal), $"UTC in {view}: {text}");
            Assert.False(text.Contains("17:00", StringComparison.Ordinal), $"another zone in {view}: {text}");
        }
    }
}
