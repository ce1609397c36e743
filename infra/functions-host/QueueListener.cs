using System.Text;
using System.Text.Json.Nodes;
using Azure;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;

namespace ChatOps.FunctionsHost;

/// <summary>
/// Takes messages from a storage queue and calls a function with each: deleted when it is done; seen again when it has failed, and after the last try
/// copied to the poison queue. While the function runs the message is kept invisible.
/// </summary>
internal sealed class QueueListener(FunctionJson function, QueueOptions options, Invoker invoker, TimeProvider clock, Action<string> say)
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(100);

    private readonly Trigger.Queue _trigger = (Trigger.Queue)function.Trigger;

    /// <summary>How long a message is out of sight when it is taken; renewed before that is over.</summary>
    public TimeSpan Invisible { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Listens until cancelled; what has begun then is not waited for, and comes again.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        var (queue, poison) = (ClientOf(_trigger.Name), ClientOf($"{_trigger.Name}-poison"));
        var running = new HashSet<Task>();
        var (pause, isDown) = (ShortestPause, false);
        while (true)
        {
            QueueMessage[] messages = [];
            try
            {
                if (running.Count < options.BatchSize)
                    messages = (await queue.ReceiveMessagesAsync(options.BatchSize - running.Count, Invisible, cancel)).Value;
                isDown = false;
            }
            catch (RequestFailedException e) when (e.Status == 404)
            {
                // Not made yet: as good as empty.
            }
            catch (Exception e) when (IsOutage(e, cancel))
            {
                if (!isDown)
                    say($"the queue {_trigger.Name} does not answer: {FirstLine(e)}. It is asked again until it does");
                isDown = true;
            }

            foreach (var message in messages)
                running.Add(HandleAsync(queue, poison, message, cancel));
            pause = messages.Length > 0 ? ShortestPause : TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, options.MaxPollingInterval.Ticks));
            var next = Task.Delay(pause, clock, cancel);
            if (messages.Length > 0 && running.Count < options.BatchSize)
                next = Task.CompletedTask;
            await Task.WhenAny([next, .. running]);
            cancel.ThrowIfCancellationRequested();
            running.RemoveWhere(t => t.IsCompleted);
        }
    }

    private async Task HandleAsync(QueueClient queue, QueueClient poison, QueueMessage message, CancellationToken cancel)
    {
        try
        {
            var invoking = invoker.InvokeAsync(function.Name, PayloadOf(message), cancel);
            var receipt = await KeepAsync(queue, message, invoking, cancel);
            if ((await invoking).IsDone)
            {
                await queue.DeleteMessageAsync(message.MessageId, receipt, cancel);
            }
            else if (message.DequeueCount < options.MaxDequeueCount)
            {
                await queue.UpdateMessageAsync(message.MessageId, receipt, visibilityTimeout: options.VisibilityTimeout, cancellationToken: cancel);
            }
            else
            {
                say($"a message of {_trigger.Name} has failed {message.DequeueCount} times and goes to {poison.Name}");
                await poison.CreateIfNotExistsAsync(cancellationToken: cancel);
                await poison.SendMessageAsync(message.Body, cancellationToken: cancel);
                await queue.DeleteMessageAsync(message.MessageId, receipt, cancel);
            }
        }
        catch (Exception e) when (IsOutage(e, cancel))
        {
            // It is still in the queue, or somebody else has it by now: delivery is at least once.
            say($"a message of {_trigger.Name} could not be settled: {FirstLine(e)}");
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // The host stops; the message comes again.
        }
    }

    // The receipt changes with every renewal.
    private async Task<string> KeepAsync(QueueClient queue, QueueMessage message, Task invoking, CancellationToken cancel)
    {
        var receipt = message.PopReceipt;
        while (await Task.WhenAny(invoking, Task.Delay(Invisible / 3, clock, cancel)) != invoking)
        {
            cancel.ThrowIfCancellationRequested();
            receipt = (await queue.UpdateMessageAsync(message.MessageId, receipt, visibilityTimeout: Invisible, cancellationToken: cancel)).Value.PopReceipt;
        }

        return receipt;
    }

    private string PayloadOf(QueueMessage message)
    {
        var metadata = new JsonObject
        {
            ["DequeueCount"] = Payload.Scalar(message.DequeueCount),
            ["Id"] = Payload.Twice(message.MessageId),
            ["PopReceipt"] = Payload.Twice(message.PopReceipt),
            ["InsertionTime"] = Payload.Date(message.InsertedOn ?? default),
            ["ExpirationTime"] = Payload.Date(message.ExpiresOn ?? default),
            ["NextVisibleTime"] = Payload.Date(message.NextVisibleOn ?? default),
        };
        return Payload.Of(function.Name, _trigger.Binding, Payload.Twice(TextOf(message)), metadata, clock.GetUtcNow());
    }

    // What is not base64 though it should be is handed on as it is: the function has to refuse it, not this host.
    private string TextOf(QueueMessage message)
    {
        var text = message.Body.ToString();
        var bytes = new byte[text.Length];
        return options.IsBase64 && Convert.TryFromBase64String(text, bytes, out var length) ? Encoding.UTF8.GetString(bytes, 0, length) : text;
    }

    private QueueClient ClientOf(string name) =>
        new(_trigger.Connection, name, new QueueClientOptions(QueueClientOptions.ServiceVersion.V2025_11_05) { Retry = { MaxRetries = 1, NetworkTimeout = TimeSpan.FromSeconds(10) } });

    // Also when the client's own patience with one call is over, which looks like being stopped.
    private static bool IsOutage(Exception e, CancellationToken cancel) => e is RequestFailedException or AggregateException || (e is OperationCanceledException && !cancel.IsCancellationRequested);

    private static string FirstLine(Exception e) => (e is AggregateException { InnerException: { } inner } ? inner : e).Message.Split('\n')[0].TrimEnd('\r', '.');
}
