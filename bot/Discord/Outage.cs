using ChatOps.Bot.Discord.Api;

namespace ChatOps.Bot.Discord;

/// <summary>Says when the connection to Discord is lost for long, and when it is back. Discord breaks connections every few hours; that is nothing to tell.</summary>
internal sealed class Outage(TimeProvider clock, Action<string> complain)
{
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(30);

    private DateTimeOffset? _since;
    private bool _isSaid;

    /// <summary>Sees what the connection says of itself.</summary>
    public void See(GatewayEvent @event)
    {
        if (@event is GatewayEvent.Ready or GatewayEvent.Resumed)
        {
            if (_isSaid)
                complain("the connection to Discord is back.");
            (_since, _isSaid) = (null, false);
        }
        else if (@event is GatewayEvent.Lost lost)
        {
            _since ??= clock.GetUtcNow();
            if (_isSaid || clock.GetUtcNow() - _since < Short)
                return;
            _isSaid = true;
            complain($"no connection to Discord since {_since:HH:mm:ss}: {lost.Why}. Lines are not heard there; it is tried again.");
        }
    }
}
