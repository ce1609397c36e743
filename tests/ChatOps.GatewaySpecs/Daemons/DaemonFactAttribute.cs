namespace ChatOps.GatewaySpecs.Daemons;

/// <summary>
/// A fact about the daemons of a gateway; skipped unless CHATOPS_DAEMONS names a root file system with them (infra/lab/lab rootfs).
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class DaemonFactAttribute : FactAttribute
{
    public DaemonFactAttribute() => Skip = DaemonSandbox.WhyNot;
}

/// <summary>The same with data.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class DaemonTheoryAttribute : TheoryAttribute
{
    public DaemonTheoryAttribute() => Skip = DaemonSandbox.WhyNot;
}
