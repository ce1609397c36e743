using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Azure.Core;
using Azure.Messaging.ServiceBus;
using ChatOps.Core.Application.Ports;
using ChatOps.Storage;
using Microsoft.Extensions.Logging;

namespace ChatOps.Azure.ServiceBus;

/// <summary>
/// A queue of Service Bus with sessions. A gateway is a session, so its nudges come one after another, to one taker at a time, however many
/// processes take. What is taken is locked, and the lock renewed until it is settled; when the taker dies the lock runs out and the nudge
/// comes again. What is put aside is a dead letter with the reason.
/// </summary>
internal sealed partial class ServiceBusNudgeQueue : INudgeQueue, IAsyncDisposable
{
    private readonly ServiceBusClient _client;
    private readonly ServiceBusClient _waiting;
    private readonly ServiceBusSender _sender;
    private readonly string _queue;
    private readonly ILogger<ServiceBusNudgeQueue> _log;

    private ServiceBusNudgeQueue(Func<ServiceBusClientOptions, ServiceBusClient> connect, string queue, ILogger<ServiceBusNudgeQueue> log)
    {
        // Somebody waits for a line's answer, so a sender gives up early: Reconcile nudges again. A receiver's tries are waits for
        // something to come.
        _client = connect(OptionsFor(TimeSpan.FromSeconds(5), tries: 2));
        _waiting = connect(OptionsFor(TimeSpan.FromSeconds(60), tries: 3));
        _sender = _client.CreateSender(queue);
        (_queue, _log) = (queue, log);
    }

    /// <summary>A queue in Azure, reached as an identity; there are no keys.</summary>
    /// <param name="fullyQualifiedNamespace">The namespace's host name, such as <c>chatops-bus.servicebus.windows.net</c>.</param>
    /// <param name="credential">The identity: it may send, or receive, or both.</param>
    /// <param name="log">Where it is logged what goes wrong behind the scenes; it is tried again.</param>
    public static ServiceBusNudgeQueue InAzure(
        string fullyQualifiedNamespace,
        TokenCredential credential,
        string queue,
        ILogger<ServiceBusNudgeQueue> log
    ) => new(options => new ServiceBusClient(fullyQualifiedNamespace, credential, options), queue, log);

    /// <summary>A queue of the emulator on this machine or network, reached by its connection string.</summary>
    /// <exception cref="ArgumentException">The connection string is one of Azure, where keys are not used.</exception>
    public static ServiceBusNudgeQueue Local(string connectionString, string queue, ILogger<ServiceBusNudgeQueue> log) =>
        connectionString.Split(';').Any(p => p.Trim().Equals("UseDevelopmentEmulator=true", StringComparison.OrdinalIgnoreCase))
            ? new(options => new ServiceBusClient(connectionString, options), queue, log)
            : throw new ArgumentException(
                "a connection string is for the emulator (UseDevelopmentEmulator=true); in Azure, give the namespace, and an identity reaches it"
            );

    /// <inheritdoc/>
    /// <exception cref="ServiceBusException">The queue does not take it. Nothing is lost: the log knows, and Reconcile nudges
    /// again.</exception>
    public Task SendAsync(Nudge nudge, CancellationToken cancel) =>
        _sender.SendMessageAsync(
            new ServiceBusMessage(NudgeText.Write(nudge))
            {
                SessionId = nudge.Gateway.ToString(),
                MessageId = FormattableString.Invariant($"{nudge.Gateway}:{nudge.Revision}"),
                ContentType = "application/json",
            },
            cancel
        );

    /// <inheritdoc/>
    public async IAsyncEnumerable<TakenNudge> ReceiveAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        var taken = Channel.CreateUnbounded<TakenNudge>();
        await using var processor = _waiting.CreateSessionProcessor(
            _queue,
            new ServiceBusSessionProcessorOptions
            {
                AutoCompleteMessages = false,
                // Gateways side by side, one nudge each.
                MaxConcurrentSessions = 16,
                MaxConcurrentCallsPerSession = 1,
                // An apply ends by itself; until then it keeps its lock.
                MaxAutoLockRenewalDuration = Timeout.InfiniteTimeSpan,
                // A gateway without further nudges makes room for others.
                SessionIdleTimeout = TimeSpan.FromSeconds(1),
            }
        );
        processor.ProcessMessageAsync += args => HandOverAsync(args, taken.Writer);
        processor.ProcessErrorAsync += args =>
        {
            if (!args.CancellationToken.IsCancellationRequested)
                Failed(_queue, args.ErrorSource, args.Exception.Message);
            return Task.CompletedTask;
        };
        await processor.StartProcessingAsync(cancel);
        try
        {
            await foreach (var nudge in taken.Reader.ReadAllAsync(cancel))
                yield return nudge;
        }
        finally
        {
            await processor.StopProcessingAsync(CancellationToken.None);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _sender.DisposeAsync();
        await _client.DisposeAsync();
        await _waiting.DisposeAsync();
    }

    // The session, and with it the lock, is ours until this ends.
    private static async Task HandOverAsync(ProcessSessionMessageEventArgs args, ChannelWriter<TakenNudge> taken)
    {
        using var lost = CancellationTokenSource.CreateLinkedTokenSource(args.CancellationToken);
        args.SessionLockLostAsync += _ => lost.CancelAsync();
        var locked = new LockedNudge(args, lost.Token);
        await taken.WriteAsync(locked, lost.Token);
        await locked.Settled;
    }

    private static ServiceBusClientOptions OptionsFor(TimeSpan patience, int tries) =>
        new()
        {
            RetryOptions = new ServiceBusRetryOptions
            {
                Mode = ServiceBusRetryMode.Exponential,
                TryTimeout = patience,
                MaxRetries = tries,
                MaxDelay = TimeSpan.FromSeconds(10),
            },
        };

    [LoggerMessage(1, LogLevel.Warning, "the queue {Queue}: {Source}: {Problem}")]
    private partial void Failed(string queue, ServiceBusErrorSource source, string problem);
}
