using ChatOps.Operations.Reconciling;

namespace ChatOps.Lab;

/// <summary>A test of what happens by itself: looks come often, and the clock can be turned.</summary>
public abstract class ReconcileTest : GatewayTest
{
    protected static readonly ReconcileOptions Often = ReconcileOptions.Default with { Every = TimeSpan.FromSeconds(2) };

    private protected JumpingClock Clock { get; } = new();

    private protected Task<Team> WatchingAsync(ReconcileOptions? looks = null, bool repairsByItself = false) =>
        Team.StartAsync(Log, null, null, null, clock: Clock, looks: looks ?? Often, repairsByItself: repairsByItself);

    private protected static Task AlertedAsync(Team team, string key, string gateway = "gw1") =>
        Eventually.TrueAsync(async () => (await team.StateAsync(gateway)).Alerts.ContainsKey(key));

    private protected static Task ClearedAsync(Team team, string key, string gateway = "gw1") =>
        Eventually.TrueAsync(async () => !(await team.StateAsync(gateway)).Alerts.ContainsKey(key));

    /// <summary>How often something was said in the room.</summary>
    private protected static int Times(Team team, string text) => team.Transcript.Split(text).Length - 1;
}
