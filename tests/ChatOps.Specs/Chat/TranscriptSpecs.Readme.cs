using System.Text.RegularExpressions;
using ChatOps.Specs.Conventions;

namespace ChatOps.Specs.Chat;

/// <content>The README's own.</content>
public sealed partial class TranscriptSpecs
{
    [Fact]
    public async Task The_readmes_transcript_is_what_one_sees()
    {
        var readme = await File.ReadAllLinesAsync(Path.Combine(Checkout.Root, "README.md"));
        var shown = readme
            .SkipWhile(l => !l.StartsWith("operator> ", StringComparison.Ordinal))
            .TakeWhile(l => !l.StartsWith("```", StringComparison.Ordinal))
            .ToList();
        var typed = shown.Where(l => SaidBySomebody().IsMatch(l));
        var seen = (await SayAsync(1, string.Join('\n', typed), Patience.Limit)).Split('\n');
        var at = 0;
        foreach (var line in shown)
        {
            var found = Array.FindIndex(seen, at, s => Timeless(s) == Timeless(line));
            Assert.True(found >= 0, $"the README has \"{line}\", which is not said after \"{seen[Math.Max(0, at - 1)]}\"");
            at = found + 1;
        }

        static string Timeless(string line) =>
            Durations()
                .Replace(DayOf().Replace(Moments().Replace(line, "2026-01-01 00:00:00"), "2026-01-01"), "0 ms")
                .Replace("Europe/Berlin", "UTC", StringComparison.Ordinal);
    }

    [GeneratedRegex("^[a-z]+> ")]
    private static partial Regex SaidBySomebody();

    [GeneratedRegex(@"\b20\d\d-\d\d-\d\d\b")]
    private static partial Regex DayOf();
}
