using ChatOps.Discord;
using Microsoft.Extensions.Logging;

namespace ChatOps.Bot.Discord;

/// <summary>
/// Says when the connection to Discord is lost for long, and when it is back. Discord breaks connections every few hours; that is nothing
/// to tell.
/// </summary>
internal sealed partial class ConnectionWatch(TimeProvider clock, ILogger<ConnectionWatch> log)
{
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(30);

    private DateTimeOffset? _since;
    private bool _isSaid;

    public void See(DiscordEvent @event)
    {
        if (@event is DiscordEvent.Ready or DiscordEvent.Resumed)
        {
            if (_isSaid)
                Back();
            (_since, _isSaid) = (null, false);
        }
        else if (@event is DiscordEvent.Lost lost)
        {
            _since ??= clock.GetUtcNow();
            if (lost.Wait > Short)
                Waits(clock.GetUtcNow() + lost.Wait.Value, lost.Why);
            else if (_isSaid || clock.GetUtcNow() - _since < Short)
                return;
            else
                Lost(_since.Value, lost.Why);
            _isSaid = true;
        }
    }

    [LoggerMessage(1, LogLevel.Information, "the connection to Discord is back.")]
    private partial void Back();

    [LoggerMessage(
        2,
        LogLevel.Warning,
        "no connection to Discord since {Since:HH:mm:ss}: {Problem}. Lines are not heard there; it is tried again."
    )]
    private partial void Lost(DateTimeOffset since, string problem);

    [LoggerMessage(
        3,
        LogLevel.Warning,
        "no connection to Discord before {Until:yyyy-MM-dd HH:mm:ss}: {Problem}. Lines are not heard there until then."
    )]
    private partial void Waits(DateTimeOffset until, string problem);
}
