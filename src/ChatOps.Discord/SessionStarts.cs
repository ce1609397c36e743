namespace ChatOps.Discord;

/// <summary>
/// When and where a new session may be started. Discord counts: one in five seconds (six are sure), and about a thousand a day; whoever
/// starts more has the token taken away.
/// </summary>
internal sealed class SessionStarts(DiscordOptions options, DiscordRest rest, TimeProvider clock)
{
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(6);

    private DateTimeOffset _last = DateTimeOffset.MinValue;

    /// <summary>The address that is known; null for none yet.</summary>
    public Uri? Address { get; private set; } = options.GatewayUrl;

    /// <returns>Where; null when that cannot be learnt just now.</returns>
    public async Task<Uri?> NextAsync(Action<DiscordEvent> emit, CancellationToken cancel)
    {
        if (clock.GetUtcNow() - _last is var since && since < Between)
            await Task.Delay(Between - since, clock, cancel);
        if (options.GatewayUrl is null)
            await AskAsync(emit, cancel);
        _last = clock.GetUtcNow();
        return Address;
    }

    private async Task AskAsync(Action<DiscordEvent> emit, CancellationToken cancel)
    {
        while (await rest.GatewayAsync(cancel) is RestResult<GatewayStart>.Done { Value: var start })
        {
            if (!DiscordOptions.IsSafe(start.Url, Uri.UriSchemeWss, Uri.UriSchemeWs))
                return;
            Address = start.Url;
            if (start.Remaining is not 0)
                return;
            var wait = start.ResetAfter > Between ? start.ResetAfter : Between;
            emit(
                new DiscordEvent.Lost($"no session can be started for {wait.TotalMinutes:0} min: Discord's limit of a day is used up", wait)
            );
            await Task.Delay(wait, clock, cancel);
        }
    }
}
