using ChatOps.Core.Domain.Values;
using ChatOps.Core.Language.Audit;
using ChatOps.Core.Language.Words;

namespace ChatOps.Specs.Audit;

/// <summary>Times as people type them, by their own clocks; and that zones are there at all without cultures.</summary>
public sealed class TimeSpecs
{
    private static readonly TimeZoneInfo Berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");
    private static readonly DateTimeOffset Now = new(2026, 11, 26, 11, 20, 30, TimeSpan.Zero);

    [Theory]
    [InlineData("7d", "2026-11-19T11:20:30Z", "2026-11-19T11:20:30Z")]
    [InlineData("now", "2026-11-26T11:20:30Z", "2026-11-26T11:20:30Z")]
    [InlineData("today", "2026-11-25T23:00:00Z", "2026-11-26T23:00:00Z")]
    [InlineData("yesterday", "2026-11-24T23:00:00Z", "2026-11-25T23:00:00Z")]
    [InlineData("12:00", "2026-11-26T11:00:00Z", "2026-11-26T11:00:00Z")]
    [InlineData("13:00", "2026-11-25T12:00:00Z", "2026-11-25T12:00:00Z")]
    [InlineData("2026-11-01", "2026-10-31T23:00:00Z", "2026-11-01T23:00:00Z")]
    [InlineData("2026-11-01 14:00", "2026-11-01T13:00:00Z", "2026-11-01T13:00:00Z")]
    [InlineData("2026-11-01T14:00", "2026-11-01T13:00:00Z", "2026-11-01T13:00:00Z")]
    [InlineData("2026-11-01T14:00Z", "2026-11-01T14:00:00Z", "2026-11-01T14:00:00Z")]
    [InlineData("2026-11-01T14:00-05:00", "2026-11-01T19:00:00Z", "2026-11-01T19:00:00Z")]
    // 26 November 2026 is a thursday.
    [InlineData("noon", "2026-11-26T11:00:00Z", "2026-11-26T11:00:00Z")]
    [InlineData("6pm", "2026-11-25T17:00:00Z", "2026-11-25T17:00:00Z")]
    [InlineData("2 hours ago", "2026-11-26T09:20:30Z", "2026-11-26T09:20:30Z")]
    [InlineData("1 day and 2 hours", "2026-11-25T09:20:30Z", "2026-11-25T09:20:30Z")]
    [InlineData("monday", "2026-11-22T23:00:00Z", "2026-11-23T23:00:00Z")]
    [InlineData("thursday", "2026-11-25T23:00:00Z", "2026-11-26T23:00:00Z")]
    [InlineData("last thursday", "2026-11-18T23:00:00Z", "2026-11-19T23:00:00Z")]
    [InlineData("this week", "2026-11-22T23:00:00Z", "2026-11-29T23:00:00Z")]
    [InlineData("last week", "2026-11-15T23:00:00Z", "2026-11-22T23:00:00Z")]
    [InlineData("last month", "2026-09-30T22:00:00Z", "2026-10-31T23:00:00Z")]
    [InlineData("24.12.2026", "2026-12-23T23:00:00Z", "2026-12-24T23:00:00Z")]
    [InlineData("24.12.", "2025-12-23T23:00:00Z", "2025-12-24T23:00:00Z")]
    [InlineData("1 november", "2026-10-31T23:00:00Z", "2026-11-01T23:00:00Z")]
    [InlineData("nov 26", "2026-11-25T23:00:00Z", "2026-11-26T23:00:00Z")]
    [InlineData("yesterday 14:00", "2026-11-25T13:00:00Z", "2026-11-25T13:00:00Z")]
    [InlineData("monday at 6 pm", "2026-11-23T17:00:00Z", "2026-11-23T17:00:00Z")]
    // In summer the clock is another one.
    [InlineData("2026-07-01 14:00", "2026-07-01T12:00:00Z", "2026-07-01T12:00:00Z")]
    // A day on which clocks are set has 23 or 25 hours; the hour that is missing is the first after it, of the doubled one the first is
    // meant.
    [InlineData("2026-03-29", "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z")]
    [InlineData("2026-10-25", "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z")]
    [InlineData("2026-03-29 02:30", "2026-03-29T01:00:00Z", "2026-03-29T01:00:00Z")]
    [InlineData("2026-10-25 02:30", "2026-10-25T00:30:00Z", "2026-10-25T00:30:00Z")]
    public void A_time_is_one_of_the_askers_clock(string text, string start, string end)
    {
        var tokens = Tokens.Split(text)!.Value;
        var (point, words) = TimePoint.Read(tokens, 0)!.Value;
        Assert.Equal(tokens.Length, words);
        var (actualStart, actualEnd) = point.In(Now, Berlin);
        Assert.Equal(DateTimeOffset.Parse(start, System.Globalization.CultureInfo.InvariantCulture), actualStart);
        Assert.Equal(DateTimeOffset.Parse(end, System.Globalization.CultureInfo.InvariantCulture), actualEnd);
    }

    [Theory]
    [InlineData("18:00", "2026-11-26T17:00:00Z")]
    [InlineData("9:00", "2026-11-27T08:00:00Z")]
    [InlineData("midnight", "2026-11-26T23:00:00Z")]
    [InlineData("today", "2026-11-26T23:00:00Z")]
    [InlineData("tomorrow", "2026-11-27T23:00:00Z")]
    [InlineData("tomorrow 18:00", "2026-11-27T17:00:00Z")]
    [InlineData("tomorrow at 6pm", "2026-11-27T17:00:00Z")]
    [InlineData("friday", "2026-11-27T23:00:00Z")]
    [InlineData("thursday", "2026-11-26T23:00:00Z")]
    [InlineData("thursday 09:00", "2026-12-03T08:00:00Z")]
    [InlineData("wed 09:00", "2026-12-02T08:00:00Z")]
    [InlineData("end of the week", "2026-11-29T23:00:00Z")]
    [InlineData("this month", "2026-11-30T23:00:00Z")]
    [InlineData("24.12.2026", "2026-12-24T23:00:00Z")]
    [InlineData("24.12", "2026-12-24T23:00:00Z")]
    [InlineData("dec 24 18:00", "2026-12-24T17:00:00Z")]
    [InlineData("26 november", "2026-11-26T23:00:00Z")]
    [InlineData("29 february", "2027-02-28T23:00:00Z")]
    [InlineData("1.3.", "2027-03-01T23:00:00Z")]
    [InlineData("24 december 2026 18:00", "2026-12-24T17:00:00Z")]
    [InlineData("2026-12-24", "2026-12-24T23:00:00Z")]
    [InlineData("2h", null)]
    [InlineData("last week", null)]
    [InlineData("last friday", null)]
    public void A_time_to_come_ends_when_all_of_it_is_over(string text, string? end)
    {
        var point = TimePoint.Read(text)!;
        Assert.Equal(
            end is null ? null : DateTimeOffset.Parse(end, System.Globalization.CultureInfo.InvariantCulture),
            point.Ahead(Now, Berlin)
        );
        Assert.Equal(end is not null, point.LiesAhead);
        Assert.Equal(point, TimePoint.Read(point.ToString()));
    }

    [Theory]
    [InlineData("90m", "1h30m")]
    [InlineData("2 hours", "2h")]
    [InlineData("2h30m", "2h30m")]
    [InlineData("half an hour", "30m")]
    [InlineData("an hour and 5 minutes", "1h5m")]
    [InlineData("1.5 days", "1d12h")]
    [InlineData("2 weeks", "14d")]
    [InlineData("0h", null)]
    [InlineData("2", null)]
    [InlineData("h", null)]
    [InlineData("2 months", null)]
    [InlineData("20000h", null)]
    public void A_length_of_time_has_one_writing(string text, string? written)
    {
        var length = Durations.Read(text);
        Assert.Equal(written, length is { } span ? Durations.Text(span) : null);
        Assert.Equal(length, written is null ? null : Durations.Read(written));
    }

    [Theory]
    [InlineData("soon")]
    [InlineData("25:00")]
    [InlineData("13pm")]
    [InlineData("31.2.2026")]
    [InlineData("12/24/2026")]
    [InlineData("5")]
    [InlineData("10 seconds")]
    [InlineData("next friday")]
    [InlineData("2026-13-01")]
    [InlineData("9999-12-31")]
    [InlineData("0001-01-01T00:00+14:00")]
    [InlineData("0d")]
    public void What_is_no_time_is_none(string text) => Assert.Null(TimePoint.Read(Tokens.Split(text)!.Value, 0));

    [Theory]
    [InlineData("vm2 since 7d")]
    [InlineData("443 by operator denied")]
    [InlineData("gw1 between 2026-11-01 and 2026-11-07")]
    [InlineData("on 2026-11-01")]
    [InlineData("approvals failed by approver")]
    [InlineData("text \"incident 812\" until 2026-11-01T14:00")]
    [InlineData("gw1#12 last")]
    public void What_is_read_is_written_so_that_it_is_read_again(string text)
    {
        var line = AuditReader.Read(text).Filter!.Line;
        Assert.Equal(line, AuditReader.Read(line).Filter!.Line);
        Assert.Equal(AuditReader.Read(text).Filter!.InWords, AuditReader.Read(line).Filter!.InWords);
        Assert.Equal(AuditReader.Read(text).Filter!.Time, AuditReader.Read(line).Filter!.Time);
    }
}
