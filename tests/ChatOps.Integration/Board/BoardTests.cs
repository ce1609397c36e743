using System.Collections.Concurrent;
using System.Collections.Immutable;
using Azure.Storage.Blobs;
using ChatOps.Azure.Board;
using ChatOps.Core.Application.Ports;
using ChatOps.Core.Application.Statistics;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;
using ChatOps.Hosting;
using ChatOps.Integration.Azurites;
using ChatOps.Storage;
using Microsoft.Extensions.Logging;

namespace ChatOps.Integration.Board;

/// <summary>What one process hears of gateways, another knows.</summary>
[Collection(AzuriteCollection.Name), Trait("needs", "Azurite")]
public sealed class BoardTests(AzuriteFixture azurite)
{
    private static readonly Name<Gateway> Gw1 = Text.Parse<Name<Gateway>>("gw1");
    private static readonly DateTimeOffset At = new(2026, 11, 26, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Health_statistics_and_steps_come_to_the_other_process_whole()
    {
        var container = azurite.Container(
            AzuriteFixture.NewName("board"),
            new BlobClientOptions(BlobClientOptions.ServiceVersion.V2025_11_05)
        );
        var (read, steps, complaints) = (new HealthBoard(), new Steps(), new ConcurrentQueue<string>());
        using var stop = new CancellationTokenSource();
        var reading = new BoardReader(
            container,
            read,
            steps,
            () => true,
            TimeProvider.System,
            SentenceLog.To(complaints.Enqueue).CreateLogger<BoardReader>()
        ).RunAsync(stop.Token);
        await using (var published = new PublishedBoard(container, SentenceLog.To(complaints.Enqueue).CreateLogger<PublishedBoard>()))
        {
            published.Put(Gw1, Health());
            published.Add(Gw1, Sample());
            published.Report(Gw1, 7, ApplyStep.Switching);
            await Eventually.TrueAsync(
                () => read.Get(Gw1) is not null && !read.SamplesOf(Gw1).IsEmpty && !steps.All.IsEmpty,
                () => string.Join('\n', complaints)
            );
            published.Miss(Gw1, "gw1 does not answer");
            published.Report(Gw1, 7, ApplyStep.Verifying);
            await Eventually.TrueAsync(
                () => read.MissedBecause(Gw1) is not null && steps.All.Count == 2,
                () => string.Join('\n', complaints)
            );
        }

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
        Assert.Equal((Gw1, 7, ApplyStep.Switching), steps.All.First());
        Assert.Empty(complaints);
        Assert.Equal(3, read.Heard); // each page once, however often it was looked at

        // Records with collections are equal when what is in them is.
        var (sent, got) = (Health(), read.Get(Gw1)!);
        Assert.Equal((sent.At, sent.Error), (got.At, got.Error));
        var (health, seen) = (sent.Observation!, got.Observation!);
        Assert.Equal(
            health with
            {
                Services = seen.Services,
                Handshakes = seen.Handshakes,
                InTheWay = seen.InTheWay,
                Certificates = seen.Certificates,
            },
            seen
        );
        Assert.Equal(health.InTheWay.ToArray(), seen.InTheWay.ToArray());
        Assert.Equal(health.Certificates.ToArray(), seen.Certificates.ToArray());
        Assert.Equal(health.Services, seen.Services);
        Assert.Equal(health.Handshakes.OrderBy(h => h.Key), seen.Handshakes.OrderBy(h => h.Key));
        Assert.Equivalent(Sample(), read.SamplesOf(Gw1)[0], strict: true);
    }

    private static GatewayHealth Health() =>
        new(
            At,
            new GatewayObservation(
                new Revision(3),
                new Revision(2),
                "boot",
                TimeSpan.FromHours(5),
                12,
                ImmutableSortedDictionary<string, string>.Empty.Add("nginx", "active"),
                ImmutableDictionary<string, DateTimeOffset>.Empty.Add("peer", At),
                3,
                65536,
                Text.Parse<WireGuardKey>("5zpVn1D2vgl+TFxFHbdC5fFqWlWaSjWsWdEHJnY3l2s="),
                Text.Parse<Address>("400::1"),
                At,
                true,
                Certificates: [new("example", "app.example.com", At, At.AddDays(90), IsForHost: true)]
            ),
            null
        );

    private static StatsSample Sample() =>
        new(
            At,
            new GatewayStats(
                "boot",
                TimeSpan.FromHours(5),
                12,
                [new PortStats(Family.IPv6, Text.Parse<PublicPort>("53/udp"), new Volume(1, 2), new Volume(3, 4), 5, 6)],
                ImmutableSortedDictionary<string, Volume>.Empty.Add("blocked", new Volume(7, 8)),
                [new PeerStats(Text.Parse<WireGuardKey>("5zpVn1D2vgl+TFxFHbdC5fFqWlWaSjWsWdEHJnY3l2s="), At, 9, 10)],
                [new BackendStats("l", "s", true, 11, 12)],
                13,
                14
            )
        );

    private sealed class Steps : IApplyProgress
    {
        public ConcurrentQueue<(Name<Gateway>, int, ApplyStep)> All { get; } = new();

        public void Report(Name<Gateway> gateway, int change, ApplyStep step) => All.Enqueue((gateway, change, step));
    }
}
