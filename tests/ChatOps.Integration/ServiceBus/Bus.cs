using Azure.Identity;
using Azure.Messaging.ServiceBus;
using ChatOps.Azure.ServiceBus;
using ChatOps.Hosting;
using ChatOps.Integration.ServiceBus.Broker;
using Microsoft.Extensions.Logging;

namespace ChatOps.Integration.ServiceBus;

/// <summary>
/// What the tests talk to: a broker on loopback, or, when <c>CHATOPS_TEST_SERVICEBUS</c> names a namespace, a queue <c>nudges-test</c>
/// there, which has sessions, locks of 5 s and 3 deliveries, and which nobody else uses.
/// </summary>
internal sealed class Bus : IAsyncDisposable
{
    public const int MaxDeliveries = 3;
    private const string RealQueue = "nudges-test";

    public static string? RealNamespace =>
        Environment.GetEnvironmentVariable("CHATOPS_TEST_SERVICEBUS") is { Length: > 0 } name ? name : null;

    private readonly ServiceBusClient _client;

    public Bus(TimeSpan? lockDuration = null)
    {
        if (RealNamespace is { } name)
        {
            _client = new ServiceBusClient(name, new DefaultAzureCredential());
            return;
        }

        Broker = ServiceBusBroker.Start(lockDuration ?? TimeSpan.FromSeconds(5), MaxDeliveries);
        _client = new ServiceBusClient(Broker.ConnectionString);
    }

    /// <summary>The broker on loopback.</summary>
    public ServiceBusBroker Broker
    {
        get => field ?? throw new InvalidOperationException("a real namespace has no handle");
        private init;
    }

    /// <summary>What went wrong behind the scenes.</summary>
    public System.Collections.Concurrent.ConcurrentQueue<string> Complaints { get; } = [];

    /// <summary>A process of its own that sends and receives.</summary>
    public ServiceBusNudgeQueue Connect() =>
        RealNamespace is { } name
            ? ServiceBusNudgeQueue.InAzure(
                name,
                new DefaultAzureCredential(),
                RealQueue,
                SentenceLog.To(Complaints.Enqueue).CreateLogger<ServiceBusNudgeQueue>()
            )
            : ServiceBusNudgeQueue.Local(
                Broker.ConnectionString,
                ServiceBusBroker.QueueName,
                SentenceLog.To(Complaints.Enqueue).CreateLogger<ServiceBusNudgeQueue>()
            );

    /// <summary>The dead letters of a gateway, which are then gone.</summary>
    public async Task<List<ServiceBusReceivedMessage>> TakeDeadAsync(string gateway, int count)
    {
        await using var receiver = _client.CreateReceiver(
            RealNamespace is null ? ServiceBusBroker.QueueName : RealQueue,
            new ServiceBusReceiverOptions { SubQueue = SubQueue.DeadLetter }
        );
        var dead = new List<ServiceBusReceivedMessage>();
        for (var patience = Patience.Token; dead.Count < count && !patience.IsCancellationRequested; )
        {
            foreach (var message in await receiver.ReceiveMessagesAsync(10, TimeSpan.FromSeconds(5)))
            {
                if (message.SessionId == gateway)
                    dead.Add(message);
                await receiver.CompleteMessageAsync(message);
            }
        }

        return dead;
    }

    /// <summary>Sends what is no nudge.</summary>
    public async Task SendRawAsync(string gateway, string text)
    {
        await using var sender = _client.CreateSender(RealNamespace is null ? ServiceBusBroker.QueueName : RealQueue);
        await sender.SendMessageAsync(new ServiceBusMessage(text) { SessionId = gateway });
    }

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        if (RealNamespace is null)
            await Broker.DisposeAsync();
    }
}
