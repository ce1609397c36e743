using ChatOps.Bot.Configuration;
using ChatOps.Bot.Terminal;
using ChatOps.Hosting;
using ChatOps.Local;
using ChatOps.Operations.Applying;

namespace ChatOps.Specs.Chat;

/// <summary>
/// The local edition on a scripted gateway, as conversations are tried on it: one log, one terminal, and a clock that wakes nobody.
/// </summary>
internal static class ScriptedEdition
{
    /// <summary>Starts it on a log that may be there already.</summary>
    public static Task<LocalEdition> StartAsync(string log, ScriptedGateway gateway, PolicyFile policy, TerminalWriter writer) =>
        LocalEdition.StartAsync(
            log,
            [Given.Gateway()],
            gateway,
            policy.Policy,
            Path.Combine(AppContext.BaseDirectory, "templates"),
            ApplyOptions.Default,
            new QuietClock(TimeProvider.System),
            SentenceLog.To(writer.Say),
            default
        );
}
