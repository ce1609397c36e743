using ChatOps.Core.Domain.Values;

namespace ChatOps.Core.Language.Words;

/// <summary>
/// How long something is to stay, as typed: <c>for 2h</c>, <c>until 18:00</c>, <c>until friday</c>, <c>until 2026-12-01 09:00</c>.
/// </summary>
public abstract record Lifetime
{
    private Lifetime() { }

    /// <summary>When it ends.</summary>
    /// <param name="now">Now, in the speaker's time zone: a time of day is theirs.</param>
    public abstract DateTimeOffset End(DateTimeOffset now);

    /// <summary>A length of time from now on.</summary>
    public sealed record For(TimeSpan Length) : Lifetime
    {
        /// <inheritdoc/>
        public override DateTimeOffset End(DateTimeOffset now) => now + Length;

        /// <inheritdoc/>
        public override string ToString() => $"for {Durations.Text(Length)}";
    }

    /// <summary>A moment, or the end of a day.</summary>
    public sealed record Until(TimePoint Point) : Lifetime
    {
        /// <inheritdoc/>
        public override DateTimeOffset End(DateTimeOffset now) =>
            Point.Ahead(now, TimeZoneInfo.CreateCustomTimeZone("said", now.Offset, null, null))
            ?? throw new InvalidOperationException($"{Point} does not lie ahead");

        /// <inheritdoc/>
        public override string ToString() => $"until {Point}";
    }
}
