using System.Globalization;
using ChatOps.FunctionsHost;

namespace ChatOps.Integration.Functions;

public sealed class NCrontabTests
{
    [Theory]
    [InlineData("*/15 * * * * *", "2026-11-26 12:00:00", "2026-11-26 12:00:15")]
    [InlineData("*/15 * * * * *", "2026-11-26 12:00:59", "2026-11-26 12:01:00")]
    [InlineData("0 */5 * * * *", "2026-11-26 12:04:59", "2026-11-26 12:05:00")]
    [InlineData("0 0 * * * *", "2026-11-26 23:00:00", "2026-11-27 00:00:00")]
    [InlineData("0 30 9 * * 1-5", "2026-11-27 09:30:00", "2026-11-30 09:30:00")]
    [InlineData("0 30 9 * * Mon-Fri", "2026-11-27 10:00:00", "2026-11-30 09:30:00")]
    [InlineData("0 0 0 1 Jan *", "2026-11-26 12:00:00", "2027-01-01 00:00:00")]
    [InlineData("0 0 0 29 2 *", "2026-11-26 12:00:00", "2028-02-29 00:00:00")]
    [InlineData("0 0 0 31 * *", "2026-11-30 12:00:00", "2026-12-31 00:00:00")]
    [InlineData("5,10,20-22 0 0 * * *", "2026-11-26 00:00:10", "2026-11-26 00:00:20")]
    [InlineData("30/10 0 0 * * *", "2026-11-26 00:00:40", "2026-11-26 00:00:50")]
    [InlineData("*/5 * * * *", "2026-11-26 12:00:00", "2026-11-26 12:05:00")]
    public void A_schedule_is_due_next(string schedule, string from, string next) =>
        Assert.Equal(Moment(next), NCrontab.Parse(schedule).After(Moment(from)));

    [Fact]
    public void Each_moment_of_an_hour_is_met_once()
    {
        var (schedule, at, met) = (NCrontab.Parse("*/7 */13 * * * *"), Moment("2026-11-26 12:00:00").AddTicks(-1), new List<DateTimeOffset>());
        while (schedule.After(at) is { } next && next < Moment("2026-11-26 13:00:00"))
            met.Add(at = next);
        Assert.Equal(9 * 5, met.Count);
        Assert.Equal(met.Distinct().Order(), met);
        Assert.All(met, m => Assert.True(m.Second % 7 == 0 && m.Minute % 13 == 0));
    }

    [Fact]
    public void What_never_comes_is_never_due() => Assert.Null(NCrontab.Parse("0 0 0 30 2 *").After(Moment("2026-11-26 12:00:00")));

    [Theory]
    [InlineData("* * * *", "expected six fields")]
    [InlineData("60 * * * * *", "second \"60\": expected 0 to 59")]
    [InlineData("0 0 24 * * *", "hour \"24\": expected 0 to 23")]
    [InlineData("0 0 0 0 * *", "day \"0\": expected 1 to 31")]
    [InlineData("0 0 0 * Foo *", "month \"Foo\": expected 1 to 12")]
    [InlineData("0 0 0 * * 5-1", "weekday \"5-1\"")]
    [InlineData("*/0 * * * * *", "second \"*/0\"")]
    [InlineData("-1 * * * * *", "second \"-1\"")]
    public void What_is_no_schedule_is_refused_with_a_reason(string text, string reason) =>
        Assert.Contains(reason, Assert.Throws<FormatException>(() => NCrontab.Parse(text)).Message, StringComparison.Ordinal);

    private static DateTimeOffset Moment(string text) => DateTimeOffset.ParseExact(text, "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
