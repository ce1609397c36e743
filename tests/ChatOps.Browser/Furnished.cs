namespace ChatOps.Browser;

/// <summary>An edition with something of everything on its edge, for tests that only look.</summary>
public sealed class Furnished : IAsyncLifetime
{
    public const string PeerKey = "5zpVn1D2vgl+TFxFHbdC5fFqWlWaSjWsWdEHJnY3l2s=";
    public const string PeerAddress = "10.1.0.77";

    public Edition Edition { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Edition = await Edition.StartAsync();
        await Edition.AppliedAsync(
            "vm add vm1 10.1.0.11",
            "vm add vm2 400::100:0:0:2",
            "vm add vm3 10.1.0.13",
            $"peer add laptop {PeerKey} {PeerAddress}",
            "peer add vm1 8zpVn1D2vgl+TFxFHbdC5fFqWlWaSjWsWdEHJnY3l2s= 10.1.0.11",
            "expose vm2:8080 on 80 because \"launch of the shop\"",
            "expose vm1:5432 as postgres from 203.0.113.0/24 because \"reports of the office\"",
            "expose vm3:53 as dns because \"names of the lab\"",
            "expose vm1:7000,vm3:7000 on 7000 balanced because \"the game, on two machines\"",
            "expose vm1:9000-9003 on 19000-19003 for 2h because \"a test with the vendor\"",
            "limit 7000 to 100/second",
            "unexpose 80"
        );
        await Edition.AppliedAsync(
            "expose vm2:8080 on app.example.com tls example because \"the shop has a name now\"",
            "expose vm3:2222 on 2222 because \"backups from outside\""
        );
        await Edition.SayAsync("operator: expose vm3:8443 on 8443 because \"a second look, please\"");
        await Edition.CountsAsync(("7000", 1200), ("19000", 8), ("53/udp", 64));
    }

    public Task DisposeAsync() => Edition.DisposeAsync().AsTask();
}
