namespace ChatOps.Operations.Applying;

/// <summary>How long an apply waits.</summary>
/// <param name="RevertAfter">After how long the gateway puts the old revision back unless it hears the confirm.</param>
/// <param name="RevertGrace">How much longer than that we wait to hear that it did.</param>
public sealed record ApplyOptions(TimeSpan RevertAfter, TimeSpan RevertGrace)
{
    /// <summary>Half a minute, and a quarter more.</summary>
    public static ApplyOptions Default { get; } = new(TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(15));
}
