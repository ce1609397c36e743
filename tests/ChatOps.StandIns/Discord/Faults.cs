using Microsoft.AspNetCore.Http;

namespace ChatOps.StandIns.Discord;

/// <summary>What goes wrong with a request.</summary>
public enum Fault
{
    /// <summary>500 in JSON; nothing was done.</summary>
    ServerError,

    /// <summary>502 in HTML, from what stands before Discord; nothing was done.</summary>
    BadGateway,

    /// <summary>The connection breaks before anything is done.</summary>
    LostRequest,

    /// <summary>The connection breaks after it was done.</summary>
    LostAnswer,

    /// <summary>429 for all that the bot does.</summary>
    GlobalLimit,

    /// <summary>429 because others use the same thing a lot.</summary>
    SharedLimit,

    /// <summary>403 in HTML, from something on the way.</summary>
    ForbiddenPage,

    /// <summary>400 in HTML, from something on the way.</summary>
    BadRequestPage,

    /// <summary>401 in HTML, from something on the way that wants a login.</summary>
    LoginPage,

    /// <summary>429 for an hour.</summary>
    HourLimit,

    /// <summary>404 with the code 10062: the interaction is not known (any more).</summary>
    UnknownInteraction,

    /// <summary>429 in HTML, with nothing but the header <c>Retry-After</c>.</summary>
    EdgeLimit,
}

/// <summary>Faults of REST, on request: the next requests that match get them.</summary>
public sealed class Faults
{
    private readonly Lock _lock = new();
    private readonly List<Order> _orders = [];
    private Func<string, Fault?>? _always;

    /// <summary>How many were given.</summary>
    public int Given { get; private set; }

    /// <summary>The next requests whose method and path have a text in them get a fault: <c>"PATCH"</c>, <c>"/callback"</c>.</summary>
    public void Next(Fault fault, string matching = "", int times = 1)
    {
        lock (_lock)
            _orders.Add(new Order(fault, matching) { Left = times });
    }

    /// <summary>Asks for a fault at every request; for faults at random.</summary>
    public void Always(Func<string, Fault?> choose)
    {
        lock (_lock)
            _always = choose;
    }

    internal Fault? Take(HttpRequest request)
    {
        var what = $"{request.Method} {request.Path}";
        lock (_lock)
        {
            var order = _orders.FirstOrDefault(o => o.Left > 0 && what.Contains(o.Matching, StringComparison.Ordinal));
            if (order is not null)
                order.Left--;
            var fault = order?.Fault ?? _always?.Invoke(what);
            Given += fault is null ? 0 : 1;
            return fault;
        }
    }

    private sealed class Order(Fault fault, string matching)
    {
        public Fault Fault => fault;

        public string Matching => matching;

        public int Left { get; set; }
    }
}
