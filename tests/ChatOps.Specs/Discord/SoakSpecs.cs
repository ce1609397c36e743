using System.Diagnostics;
using ChatOps.Core.Domain.Changes;
using ChatOps.StandIns.Discord;
using Xunit.Abstractions;

namespace ChatOps.Specs.Discord;

/// <summary>
/// Ten thousand interactions while requests fail, answers get lost and connections break: none is lost and none is doubled.
/// </summary>
[Collection(nameof(SoakSpecs))]
public sealed class SoakSpecs(ITestOutputHelper output)
{
    private const int Interactions = 10_000;
    private const int AtOnce = 40;
    private const int ProposeEvery = 10;

    private static readonly Fault[] Faults = [Fault.ServerError, Fault.BadGateway, Fault.LostRequest, Fault.LostAnswer, Fault.SharedLimit];

    [Fact]
    public async Task Nothing_is_lost_and_nothing_is_doubled()
    {
        await using var team = await DiscordTeam.StartAsync(Way.Gateway, configure: t =>
            (t.Applies, t.Patience) = (false, TimeSpan.FromMilliseconds(100))
        );
        var random = new Random(20261126);
        team.Discord.Faults.Always(_ => Next(random));
        var (unanswered, drops, began) = (0, 0, Stopwatch.GetTimestamp());
        await Parallel.ForEachAsync(
            Enumerable.Range(0, Interactions),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce },
            async (i, _) =>
            {
                if (i % 2000 == 1999)
                {
                    Interlocked.Increment(ref drops);
                    team.Discord.Gateway.Drop();
                }

                var gesture =
                    i % ProposeEvery == 0
                        ? await ProposeAsync(team, 10_000 + i)
                        : await team.Vic.SendAsync(team.Notices, i % 2 == 0 ? "status" : "vms");
                try
                {
                    await gesture.AnswerAsync();
                }
                catch (TimeoutException)
                {
                    Interlocked.Increment(ref unanswered);
                }
            }
        );
        var took = Stopwatch.GetElapsedTime(began);
        var given = team.Discord.Faults.Given;
        team.Discord.Faults.Always(_ => null);
        const int Proposals = Interactions / ProposeEvery;
        await Eventually.TrueAsync(() => Cards(team).Count >= Proposals, () => $"{Cards(team).Count} cards");
        var (changes, cards) = ((await team.StateAsync()).Changes.Values, Cards(team));
        output.WriteLine(
            FormattableString.Invariant(
                $"FIGURE Discord soak: {Interactions} interactions in {took.TotalSeconds:0} s, {given} faults, {drops} broken connections; {changes.Count()} of {Proposals} changes, {cards.Count} cards, {unanswered} not answered in 3 s"
            )
        );
        foreach (var group in team.Complaints.GroupBy(c => c.Split('\n')[0]).Take(20))
            output.WriteLine($"{group.Count()} times: {group.Key}");
        Assert.Equal(Proposals, changes.Count());
        Assert.Equal(Proposals, changes.Select(c => c.Line).Distinct().Count());
        Assert.Equal(Proposals, cards.Count);
        Assert.Equal(Proposals, cards.Distinct().Count());
        Assert.All(changes, c => Assert.IsType<ChangeStatus.Proposed>(c.Status));
    }

    private static Task<Gesture> ProposeAsync(DiscordTeam team, int port) =>
        team.Olga.SendAsync(team.Edge, "expose", ("vm", "vm2"), ("port", "8080"), ("on", $"{port}"));

    // The card of a change begins with its number.
    private static List<string> Cards(DiscordTeam team) =>
        [.. team.Vic.Sees(team.Edge).Select(m => m.Text.Split(' ')[0]).Where(w => w.StartsWith('#'))];

    private static Fault? Next(Random random)
    {
        lock (random)
            return random.Next(100) < 2 ? Faults[random.Next(Faults.Length)] : null;
    }
}

/// <summary>Alone: it takes all that the machine has.</summary>
[CollectionDefinition(nameof(SoakSpecs), DisableParallelization = true)]
public sealed class SoakCollection;
