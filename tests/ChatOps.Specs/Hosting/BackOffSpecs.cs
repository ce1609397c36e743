using ChatOps.Hosting;
using CsCheck;
using Microsoft.Extensions.Time.Testing;

namespace ChatOps.Specs.Hosting;

/// <summary>The one way in which what was in vain waits before it is done again.</summary>
public sealed class BackOffSpecs
{
    private static readonly BackOff Plain = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30));

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(5, 16)]
    [InlineData(6, 30)]
    [InlineData(7, 30)]
    [InlineData(int.MaxValue, 30)]
    public void It_doubles_up_to_its_bound_and_stays_there(int failures, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), Plain.After(failures));

    [Fact]
    public void A_first_pause_beyond_the_bound_is_the_bound() =>
        Assert.Equal(TimeSpan.FromSeconds(1), new BackOff(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(1)).After(1));

    [Fact]
    public void Spread_takes_half_of_a_pause_at_most_and_adds_nothing() =>
        Gen.Select(Gen.Int[0, int.MaxValue], Gen.Int[1, 100])
            .Sample(
                (seed, failures) =>
                {
                    var spread = new BackOff(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30), new Random(seed)).After(failures);
                    return spread >= Plain.After(failures) / 2 && spread <= Plain.After(failures);
                },
                iter: 1_000
            );

    [Fact]
    public async Task It_waits_by_the_clock_that_it_is_given()
    {
        var clock = new FakeTimeProvider();
        var waiting = Plain.WaitAsync(2, clock, CancellationToken.None);
        clock.Advance(TimeSpan.FromSeconds(1.9));
        Assert.False(waiting.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(0.1));
        await waiting.WaitAsync(Patience.Limit);
    }

    [Fact]
    public async Task Whoever_has_enough_need_not_wait_to_the_end()
    {
        using var enough = new CancellationTokenSource();
        var waiting = Plain.WaitAsync(9, new FakeTimeProvider(), enough.Token);
        await enough.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }
}
