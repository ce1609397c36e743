using ChatOps.Gateway.Receiving;
using ChatOps.Gateway.Running;
using ChatOps.Gateway.State;

namespace ChatOps.Gateway.Verbs;

/// <summary>What one run of this program has at hand, and what of it belongs into a refusal.</summary>
internal sealed class Call(string from) : IDisposable
{
    public string From { get; } = from;

    public Func<byte[]> Input { get; init; } = () => Bundle.Receive(null);

    public Systemd Systemd { get; } = new();

    /// <summary>What runs here; null as long as nobody has looked.</summary>
    public Store? Store { get; private set; }

    public long? Revision { get; set; }

    /// <summary>Takes the gateway, waiting so many seconds for it, and looks what runs.</summary>
    public IDisposable Lock(int seconds)
    {
        var locked = State.Store.Lock(seconds);
        Look();
        return locked;
    }

    /// <summary>Clears up after those that were killed, and looks what runs, without taking it.</summary>
    public Store Look()
    {
        State.Store.Sweep();
        return Store = State.Store.Look();
    }

    public void Dispose() => Systemd.Dispose();
}
