namespace ChatOps.Local;

/// <summary>What <c>./run</c> was asked for.</summary>
/// <param name="Port">The web page's port on 127.0.0.1; 0 for any.</param>
/// <param name="Fresh">Start with an empty log; the former one is kept beside it.</param>
/// <param name="Settle">How long to wait at the end of piped input for changes that a gateway does not take.</param>
/// <param name="Checkpoints">The file for checkpoints; null for one beside the log.</param>
internal sealed record LocalOptions(GatewayWay Way, string Data, string Policy, int Port, bool Fresh, TimeSpan Settle, string? Checkpoints);
