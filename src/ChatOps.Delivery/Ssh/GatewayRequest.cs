namespace ChatOps.Delivery.Ssh;

/// <param name="Input">What the gateway's program reads; empty for nothing.</param>
/// <param name="OnStep">Hears of the steps that the program comes to, while it works.</param>
internal sealed record GatewayRequest(Verb Verb, ReadOnlyMemory<byte> Input, Action<string> OnStep)
{
    /// <summary>A verb without input, whose steps nobody waits for.</summary>
    public static GatewayRequest Of(Verb verb) => new(verb, default, _ => { });

    /// <summary>
    /// True when it is sent only to a gateway that speaks our protocol: it brings something that another would read otherwise, or not at
    /// all.
    /// </summary>
    public bool IsChange => !Input.IsEmpty;
}
