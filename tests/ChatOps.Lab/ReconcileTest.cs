using ChatOps.Operations.Reconciling;

namespace ChatOps.Lab;

/// <summary>A test of what happens by itself: looks come often, and the clock can be turned.</summary>
public abstract class ReconcileTest : GatewayTest
{
    protected static readonly ReconcileOptions Often = ReconcileOptions.Default with { Every = TimeSpan.FromSeconds(2) };

    private protected JumpingClock Clock { get; } = new();

    private protected Task<Team> WatchingAsync(ReconcileOptions? looks = null, bool repairsByItself = false) =>
        Team.StartAsync(Log, null, null, null, clock: Clock, looks: looks ?? Often, repairsByItself: repairsByItself);

    private protected static Task AlertedAsync(Team team, string key, string gateway = "gw1") => WaitAsync(team, key, gateway, true);

    private protected static Task ClearedAsync(Team team, string key, string gateway = "gw1") => WaitAsync(team, key, gateway, false);

    private static async Task WaitAsync(Team team, string key, string gateway, bool isThere)
    {
        var said = "";
        await Eventually.TrueAsync(
            async () =>
            {
                var state = await team.StateAsync(gateway);
                var opened = team
                    .Core.Board.SamplesOf(state.Name)
                    .TakeLast(2)
                    .Select(s => string.Join(' ', s.Stats.Ports.Select(p => $"{p.Port}: {p.Opened}")));
                said =
                    $"{key} {(isThere ? "was" : "was not")} to be among [{string.Join(", ", state.Alerts.Keys)}]; opened: {string.Join(", then ", opened)}";
                return state.Alerts.ContainsKey(key) == isThere;
            },
            () => said
        );
    }

    /// <summary>How often something was said in the room.</summary>
    private protected static int Times(Team team, string text) => team.Transcript.Split(text).Length - 1;
}
