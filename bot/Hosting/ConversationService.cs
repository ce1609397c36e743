using ChatOps.Bot.Configuration;
using ChatOps.Bot.Conversation;
using ChatOps.Bot.Local;
using ChatOps.Core.Application.Ports;
using ChatOps.Core.Application.Streams;
using ChatOps.Core.Decisions;
using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;
using ChatOps.Hosting;
using Microsoft.Extensions.Logging;

namespace ChatOps.Bot.Hosting;

/// <summary>
/// Makes the configured gateways known to the log, and shows what is open in it and all that comes. It has started when the room shows what
/// there was.
/// </summary>
internal sealed class ConversationService(
    ConversationCore core,
    Announcer announcer,
    ConversationOptions options,
    LoopEnd end,
    ILogger<LoopService> logger
) : LoopService("showing the log", end, logger)
{
    private FoldedLog _start = FoldedLog.Empty;

    /// <inheritdoc/>
    /// <exception cref="LogCorruptException">The log cannot be trusted.</exception>
    /// <exception cref="ConfigurationException">The log knows a gateway under this name that is another machine.</exception>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var gateway in options.Gateways)
            await KnowAsync(gateway, cancellationToken);
        _start = await core.Ledger.FoldAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
        await core.ShownAsync(_start.Position, cancellationToken);
    }

    /// <inheritdoc/>
    protected override Task RunAsync(CancellationToken stop) => announcer.RunAsync(_start, _start.Position, stop);

    private async Task KnowAsync(Gateway gateway, CancellationToken cancel)
    {
        var state = await core.Ledger.LoadAsync(gateway.Name, cancel);
        if (state.Reachable([]) is { } known)
        {
            if (gateway.HostKey is { } key && known.HostKey is { } pinned && key != pinned)
            {
                throw new ConfigurationException(
                    $"{gateway.Name} is a new machine: its host key is {key}, and the log pinned {pinned}. The log tells the story of the former one. Next: ./run --fresh"
                );
            }

            return;
        }

        var origin = new Origin($"configuration:{gateway.Name}", Actor.Configuration);
        await core.Ledger.DecideAsync(gateway.Name, origin, _ => new Decision.Accepted([new GatewayAdded(0, gateway)]), cancel);
    }
}
