using System.Net.WebSockets;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using ChatOps.Hosting;

namespace ChatOps.Discord;

/// <summary>
/// The gateway, version 10: keeps one session with Discord, over as many connections as that takes, and hands on its events. Source:
/// Discord's developer documentation, "Gateway".
/// </summary>
/// <param name="options">Where Discord is and as whom to speak to it.</param>
/// <param name="intents">Which events to ask for.</param>
/// <param name="rest">Knows where the gateway is.</param>
/// <param name="clock">The time, for all waiting.</param>
/// <param name="random">Spreads beats and tries; safe for many threads, such as <see cref="Random.Shared"/>.</param>
public sealed class DiscordGateway(DiscordOptions options, Intents intents, DiscordRest rest, TimeProvider clock, Random random)
{
    private static readonly TimeSpan ShortPause = TimeSpan.FromMilliseconds(250);

    // So often is a session asked for in vain before another one is begun: some are never refused, and never go on.
    private const int MostInVain = 3;

    private readonly BackOff _backOff = new(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1), random);
    private readonly GatewaySession _session = new();
    private readonly SessionStarts _starts = new(options, rest, clock);

    /// <summary>
    /// The events, until cancelled. Read them at once and handle them elsewhere: the first answer to an interaction is due in 3 seconds.
    /// </summary>
    /// <exception cref="DiscordStopException">Discord will not have the bot as it is configured.</exception>
    public async IAsyncEnumerable<DiscordEvent> ListenAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        // The connection never waits for whoever reads: it has to beat.
        var events = System.Threading.Channels.Channel.CreateUnbounded<DiscordEvent>(new() { SingleReader = true, SingleWriter = true });
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var running = RunAsync(events.Writer, over.Token);
        try
        {
            await foreach (var @event in events.Reader.ReadAllAsync(CancellationToken.None))
                yield return @event;
        }
        finally
        {
            await over.CancelAsync();
            await running;
        }

        cancel.ThrowIfCancellationRequested();
    }

    private async Task RunAsync(ChannelWriter<DiscordEvent> events, CancellationToken cancel)
    {
        try
        {
            for (var (failures, inVain) = (0, 0); ; )
            {
                var (ending, connection) = await ConnectAsync(e => events.TryWrite(e), cancel);
                if (ending is Ending.Stop stop)
                    throw stop.Reason;
                var wasReady = connection is { WasReady: true };
                failures = wasReady ? 0 : failures + 1;
                inVain =
                    wasReady ? 0
                    : connection is { HasAsked: true } ? inVain + 1
                    : inVain;
                if (ending is Ending.Begin || inVain >= MostInVain)
                {
                    _session.End();
                    inVain = 0;
                }
                else if (failures > 1)
                    _session.ForgetAddress();
                events.TryWrite(new DiscordEvent.Lost(ending.Why));
                await Task.Delay(Pause(ending, failures), clock, cancel);
            }
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            events.Complete();
        }
#pragma warning disable CA1031 // Whoever reads the events gets the exception.
        catch (Exception e)
#pragma warning restore CA1031
        {
            events.Complete(e);
        }
    }

    private async Task<(Ending Ending, GatewayConnection? Connection)> ConnectAsync(Action<DiscordEvent> emit, CancellationToken cancel)
    {
        var url = _session.Id is null ? await _starts.NextAsync(emit, cancel) : _session.ResumeAt ?? _starts.Address;
        if (url is null)
            return (new Ending.Begin("Discord does not say where its gateway is"), null);
        using var socket = new GatewaySocket(clock);
        var connection = new GatewayConnection(socket, _session, options, intents, clock, random);
        try
        {
            await socket.ConnectAsync(Versioned(url), cancel);
            return (await connection.RunAsync(emit, cancel), connection);
        }
        catch (WebSocketException e)
        {
            return (new Ending.Resume($"no connection to {url.Host}: {e.Message}"), null);
        }
    }

    private TimeSpan Pause(Ending ending, int failures) =>
        ending is Ending.Begin { IsInvalid: true } ? TimeSpan.FromSeconds(1 + 4 * random.NextDouble())
        : failures == 0 ? ShortPause * random.NextDouble()
        : _backOff.After(failures);

    private static Uri Versioned(Uri url)
    {
        var given = url
            .Query.TrimStart('?')
            .Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Where(p => !p.StartsWith("v=", StringComparison.Ordinal) && !p.StartsWith("encoding=", StringComparison.Ordinal));
        return new UriBuilder(url) { Query = string.Join('&', [.. given, "v=10", "encoding=json"]) }.Uri;
    }
}
