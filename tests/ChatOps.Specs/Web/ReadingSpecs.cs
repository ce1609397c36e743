using ChatOps.Bot.Replies;
using ChatOps.Core.Decisions.Policy;
using ChatOps.Core.Domain.Changes;

namespace ChatOps.Specs.Web;

/// <summary>The page has one clock, and texts that are for everybody are read by it.</summary>
public sealed class ReadingSpecs
{
    private static readonly Reading Berlin = new(Redaction.None, TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin"));

    [Theory]
    [InlineData("open tcp 80 -> vm2:8080 until 2026-12-01 17:00 UTC", "open tcp 80 -> vm2:8080 until 2026-12-01 18:00")]
    [InlineData("keep tcp 80 open until 2026-07-01 23:30 UTC; and 2 more", "keep tcp 80 open until 2026-07-02 01:30; and 2 more")]
    [InlineData("closes at 2026-12-01 12:00 -05:00\nNext: extend 1 for 1h", "closes at 2026-12-01 18:00\nNext: extend 1 for 1h")]
    [InlineData("at 2026-12-01 17:00 UTC because \"2026-12-01 17:00 UTC\"", "at 2026-12-01 18:00 because \"2026-12-01 17:00 UTC\"")]
    [InlineData("2026-13-01 17:00 UTC", "2026-13-01 17:00 UTC")]
    [InlineData("at 2026-12-01 17:00, UTC is said", "at 2026-12-01 17:00, UTC is said")]
    public void A_moment_reads_by_the_readers_clock_and_what_people_said_as_they_said_it(string text, string expected) =>
        Assert.Equal(expected, Berlin.Of(text));

    [Fact]
    public void Every_moment_that_is_written_is_one_that_is_read()
    {
        foreach (var hours in new[] { -11, 0, 9 })
        {
            var text = Lifetimes.Moment(new DateTimeOffset(2026, 12, 1, 12, 0, 0, TimeSpan.FromHours(hours)));
            Assert.True(Berlin.Changes(System.Text.Json.JsonSerializer.Serialize(text)), text);
            Assert.DoesNotMatch("UTC|[+-]\\d\\d:\\d\\d", Berlin.Of(text));
        }
    }
}
