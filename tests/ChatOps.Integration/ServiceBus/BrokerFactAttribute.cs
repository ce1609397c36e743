namespace ChatOps.Integration.ServiceBus;

/// <summary>
/// A fact that needs a hand on the broker: to cut its connections, or to hold its locks. Skipped against a real namespace.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BrokerFactAttribute : FactAttribute
{
    public BrokerFactAttribute()
    {
        if (Bus.RealNamespace is not null)
            Skip = "only with the broker on loopback";
    }
}
