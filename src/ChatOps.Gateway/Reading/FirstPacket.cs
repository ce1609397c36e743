namespace ChatOps.Gateway.Reading;

/// <summary>The first packet of a client's connection, as it looks where a chain sees it.</summary>
/// <param name="Family">4 or 6.</param>
/// <param name="Port">The port that it is for by then: the public one, or behind DNAT the VM's.</param>
/// <param name="To">The address that it is for by then; null for any of this machine's.</param>
/// <param name="IsTranslated">Whether our DNAT has been at it.</param>
/// <param name="Devices">By which interfaces it may come; none when that is not known.</param>
internal sealed record FirstPacket(
    int Family,
    Checking.Protocol Protocol,
    int Port,
    string? To,
    bool IsTranslated,
    IReadOnlyCollection<string> Devices,
    IReadOnlyCollection<string> Own
);
