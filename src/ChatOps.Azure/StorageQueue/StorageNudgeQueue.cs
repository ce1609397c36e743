using System.Runtime.CompilerServices;
using Azure;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using ChatOps.Core.Application.Ports;
using ChatOps.Storage;
using Microsoft.Extensions.Logging;

namespace ChatOps.Azure.StorageQueue;

/// <summary>
/// Nudges in a queue of Azure Storage, as JSON. Under a Functions host only sending is used, and its queueTrigger receives; a process of
/// our own receives by it. A message that is taken is invisible to others as long as it is held, and one that is put aside goes to the
/// queue with <c>-poison</c> at the end of its name, as a host has it.
/// </summary>
internal sealed partial class StorageNudgeQueue : INudgeQueue
{
    private readonly QueueClient _queue;
    private readonly QueueClient _poison;
    private readonly StorageQueueOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<StorageNudgeQueue> _log;

    /// <summary>A queue; it is made with the first message when it is not there.</summary>
    /// <param name="queues">The account's queues, by a client with <see cref="NewClientOptions"/>.</param>
    /// <param name="log">Where it is logged what goes wrong while receiving; it is tried again.</param>
    /// <param name="options">How it receives; the usual when null.</param>
    /// <param name="time">The clock for pauses; the system's when null.</param>
    public StorageNudgeQueue(
        QueueServiceClient queues,
        string name,
        ILogger<StorageNudgeQueue> log,
        StorageQueueOptions? options = null,
        TimeProvider? time = null
    )
    {
        (_queue, _poison) = (queues.GetQueueClient(name), queues.GetQueueClient($"{name}-poison"));
        (_options, _time, _log) = (options ?? StorageQueueOptions.Default, time ?? TimeProvider.System, log);
    }

    /// <summary>
    /// How a client for the queue is to be made: without base64 (a Functions host hides a message that is not base64 from every function;
    /// host.json says none, too), and with the service's version that Azurite knows. Somebody waits for a line's answer, so a sender gives
    /// up early: Reconcile nudges again.
    /// </summary>
    public static QueueClientOptions NewClientOptions() =>
        new(QueueClientOptions.ServiceVersion.V2025_11_05)
        {
            MessageEncoding = QueueMessageEncoding.None,
            Retry =
            {
                MaxRetries = 1,
                Delay = TimeSpan.FromMilliseconds(200),
                MaxDelay = TimeSpan.FromSeconds(1),
                NetworkTimeout = TimeSpan.FromSeconds(5),
            },
        };

    /// <inheritdoc/>
    /// <exception cref="RequestFailedException">The queue does not take it. Nothing is lost: the log knows, and Reconcile nudges
    /// again.</exception>
    public Task SendAsync(Nudge nudge, CancellationToken cancel) => SendAsync(nudge, null, cancel);

    /// <inheritdoc/>
    public Task SendLaterAsync(Nudge nudge, TimeSpan pause, TimeProvider clock, CancellationToken cancel) =>
        SendAsync(nudge, pause, cancel);

    /// <inheritdoc/>
    public async IAsyncEnumerable<TakenNudge> ReceiveAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        for (var quiet = 0; ; )
        {
            var asked = _time.GetTimestamp();
            var messages = await TryTakeAsync(cancel);
            foreach (var message in messages)
                yield return new HeldMessage(_queue, _poison, message, asked, _options, _time);
            if (messages.Length > 0)
            {
                quiet = 0;
                continue;
            }

            await _options.Looks.WaitAsync(++quiet, _time, cancel);
        }
    }

    // One at a time: what is not worked on yet is better left to others.
    private async Task<QueueMessage[]> TryTakeAsync(CancellationToken cancel)
    {
        try
        {
            return await _queue.ReceiveMessagesAsync(1, _options.Held, cancel);
        }
        catch (RequestFailedException e) when (e.ErrorCode == QueueErrorCode.QueueNotFound)
        {
            return [];
        }
        catch (Exception e) when (AzureErrors.IsTransient(e, cancel))
        {
            Unanswered(_queue.Name, AzureErrors.Words(e));
            return [];
        }
    }

    private async Task SendAsync(Nudge nudge, TimeSpan? pause, CancellationToken cancel)
    {
        var text = NudgeText.Write(nudge);
        try
        {
            await _queue.SendMessageAsync(text, visibilityTimeout: pause, timeToLive: null, cancel);
        }
        catch (RequestFailedException e) when (e.ErrorCode == QueueErrorCode.QueueNotFound)
        {
            await _queue.CreateIfNotExistsAsync(cancellationToken: cancel);
            await _queue.SendMessageAsync(text, visibilityTimeout: pause, timeToLive: null, cancel);
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "the queue {Queue} does not answer: {Problem}. It is asked again")]
    private partial void Unanswered(string queue, string problem);
}
