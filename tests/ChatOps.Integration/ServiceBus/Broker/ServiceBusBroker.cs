using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Sockets;
using System.Security.Cryptography;
using Amqp;
using Amqp.Framing;
using Amqp.Handler;
using Amqp.Listener;
using Amqp.Sasl;
using Amqp.Types;

namespace ChatOps.Integration.ServiceBus.Broker;

/// <summary>
/// Speaks as much of Service Bus over plain AMQP on loopback as a client of one queue with sessions needs. It is written against another
/// AMQP library than the client is, so that both must mean the same protocol.
/// </summary>
internal sealed class ServiceBusBroker : ILinkProcessor, IHandler, IAsyncDisposable
{
    public const string QueueName = "nudges";
    private const string KeyName = "test";

    private readonly string _key = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
    private readonly ContainerHost _host;
    private readonly RequestLink _tokens;
    private readonly RequestLink _management;
    private readonly ConcurrentBag<Socket> _sockets = [];
    private readonly ConcurrentDictionary<Connection, string> _admitted = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _ticking;

    private ServiceBusBroker(int port, TimeSpan lockDuration, int maxDeliveries)
    {
        Queue = new BrokerQueue(lockDuration, maxDeliveries);
        Port = port;
        _tokens = new RequestLink(Admit);
        _management = new RequestLink((_, request) => Manage(request));
        _host = new ContainerHost(new Address($"amqp://127.0.0.1:{port}"));
        _host.RegisterLinkProcessor(this);
        _host.Listeners[0].SASL.EnableMechanism(new Symbol("MSSBCBS"), SaslProfile.Anonymous);
        _host.Listeners[0].HandlerFactory = _ => this;
        _host.Open();
        _ticking = TickAsync();
    }

    public int Port { get; }

    public BrokerQueue Queue { get; }

    public string ConnectionString => ConnectionStringWith(_key);

    public string ConnectionStringWith(string key) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"Endpoint=sb://127.0.0.1:{Port};SharedAccessKeyName={KeyName};SharedAccessKey={key};UseDevelopmentEmulator=true"
        );

    /// <summary>
    /// Starts on a port that is free. The library does not say which port it got, so one is chosen and the next tried when it is taken.
    /// </summary>
    public static ServiceBusBroker Start(TimeSpan lockDuration, int maxDeliveries)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return new ServiceBusBroker(RandomNumberGenerator.GetInt32(20000, 32000), lockDuration, maxDeliveries);
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse && attempt < 50)
            {
                // Somebody else's.
            }
        }
    }

    /// <summary>Cuts all connections, as a network does.</summary>
    public void Cut()
    {
        while (_sockets.TryTake(out var socket))
            socket.Close(0);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _ticking;
        _host.Close();
        Cut();
        _stop.Dispose();
    }

    void ILinkProcessor.Process(AttachContext attachContext)
    {
        var attach = attachContext.Attach;
        var address = (attachContext.Link.Role ? ((Target)attach.Target).Address : ((Source)attach.Source).Address).TrimStart('/');
        if (address == "$cbs")
            _tokens.Attach(attachContext);
        else if (!_admitted.ContainsKey(attachContext.Link.Session.Connection))
            attachContext.Complete(new Error(new Symbol(ErrorCode.UnauthorizedAccess)) { Description = "no token" });
        else if (address == $"{QueueName}/$management")
            _management.Attach(attachContext);
        else if (address.Equals($"{QueueName}/$deadletterqueue", StringComparison.OrdinalIgnoreCase))
            Queue.Attach(attachContext, dead: true, null, default);
        else if (address != QueueName)
            attachContext.Complete(new Error(new Symbol(ErrorCode.NotFound)) { Description = $"no {address}" });
        else if (attachContext.Link.Role)
            SenderLink.Attach(attachContext, Queue);
        else if (((Source)attach.Source).FilterSet is { } filters && filters.ContainsKey(ReceiverLink.SessionFilter))
            Queue.Attach(attachContext, dead: false, (string?)filters[ReceiverLink.SessionFilter], PatienceOf(attach));
        else
            attachContext.Complete(new Error(new Symbol(ErrorCode.NotAllowed)) { Description = "the queue has sessions" });
    }

    bool IHandler.CanHandle(EventId id) => id is EventId.SocketAccept or EventId.SendDelivery;

    void IHandler.Handle(Event protocolEvent)
    {
        if (protocolEvent.Context is Socket socket)
            _sockets.Add(socket);
        else if (protocolEvent.Context is IDelivery { Message: TaggedMessage tagged } delivery)
            delivery.Tag = tagged.Tag;
    }

    private static TimeSpan PatienceOf(Attach attach) =>
        attach.Properties?[new Symbol("com.microsoft:timeout")] is uint milliseconds
            ? TimeSpan.FromMilliseconds(milliseconds)
            : TimeSpan.FromMinutes(1);

    private Message Admit(Connection connection, Message request)
    {
        var audience = (string)request.ApplicationProperties["name"];
        var problem =
            (string)request.ApplicationProperties["operation"] != "put-token" ? "only put-token is known"
            : (string)request.ApplicationProperties["type"] != "servicebus.windows.net:sastoken" ? "only shared access signatures are known"
            : SharedKey.Problem((string)request.Body, audience, KeyName, _key, DateTimeOffset.UtcNow);
        if (problem is null)
            _admitted[connection] = audience;
        return Answer(("status-code", problem is null ? 202 : 401), ("status-description", problem ?? "Accepted"));
    }

    private Message Manage(Message request)
    {
        if ((string)request.ApplicationProperties["operation"] != "com.microsoft:renew-session-lock")
            return Answer(
                ("statusCode", 501),
                ("statusDescription", $"{request.ApplicationProperties["operation"]} is not known"),
                ("errorCondition", new Symbol(ErrorCode.NotImplemented))
            );
        if (Queue.Renew((string)((Map)request.Body)["session-id"]) is not { } until)
            return Answer(
                ("statusCode", 410),
                ("statusDescription", "the lock has run out"),
                ("errorCondition", new Symbol("com.microsoft:session-lock-lost"))
            );
        var answer = Answer(("statusCode", 200), ("statusDescription", "OK"));
        answer.BodySection = new AmqpValue { Value = new Map { ["expiration"] = until } };
        return answer;
    }

    private static Message Answer(params (string Name, object Value)[] properties)
    {
        var answer = new Message { ApplicationProperties = new ApplicationProperties() };
        foreach (var (name, value) in properties)
            answer.ApplicationProperties[name] = value;
        return answer;
    }

    private async Task TickAsync()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
                Queue.Tick();
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The end.
        }
    }
}
