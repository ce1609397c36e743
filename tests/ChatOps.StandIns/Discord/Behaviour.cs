namespace ChatOps.StandIns.Discord;

/// <summary>How the stand-in behaves, apart from faults. What another server that speaks the protocol may do differently.</summary>
public sealed class Behaviour
{
    /// <summary>The interval of heartbeats that HELLO asks for.</summary>
    public TimeSpan HeartbeatInterval { get; set; } = TimeSpan.FromSeconds(41.25);

    /// <summary>False: no limits and no headers about them.</summary>
    public bool HasRateLimits { get; set; } = true;

    /// <summary>Requests of one route and one channel (or webhook) in a window.</summary>
    public int RouteLimit { get; set; } = 5;

    /// <summary>The window of <see cref="RouteLimit"/>.</summary>
    public TimeSpan RouteWindow { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Requests of the bot in a second.</summary>
    public int GlobalLimit { get; set; } = 50;

    /// <summary>How long an interaction's token is good.</summary>
    public TimeSpan TokenLifetime { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>True: READY and all else say only what they must; ids are numbers; what may be missing is null.</summary>
    public bool IsTerse { get; set; }

    /// <summary>True when the application's owner has switched on Message Content Intent.</summary>
    public bool HasMessageContent { get; set; }

    /// <summary>How long after one session the next may be started.</summary>
    public TimeSpan BetweenSessions { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Sessions that may still be started; each IDENTIFY takes one.</summary>
    public int SessionsLeft { get; set; } = 1000;

    /// <summary>When <see cref="SessionsLeft"/> is 1000 again.</summary>
    public TimeSpan SessionsResetAfter { get; set; } = TimeSpan.FromHours(24);

    /// <summary>True: every event is dispatched twice, as a new event each time.</summary>
    public bool DispatchesTwice { get; set; }

    /// <summary>False: the bot was invited without the scope applications.commands.</summary>
    public bool TakesCommands { get; set; } = true;

    /// <summary>Where interactions are posted to, signed; null to dispatch them over the gateway.</summary>
    public Uri? InteractionsUrl { get; set; }
}
