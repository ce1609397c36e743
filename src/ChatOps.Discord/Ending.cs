namespace ChatOps.Discord;

/// <summary>How a connection to the gateway ended, and what comes next.</summary>
internal abstract record Ending(string Why)
{
    public sealed record Resume(string Why) : Ending(Why);

    /// <param name="IsInvalid">True when Discord said that the session is invalid: it wants 1 to 5 seconds between.</param>
    public sealed record Begin(string Why, bool IsInvalid = false) : Ending(Why);

    public sealed record Stop(DiscordStopException Reason) : Ending(Reason.Message);
}
