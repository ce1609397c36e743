namespace ChatOps.Specs.Delivery;

/// <summary>A fact about the gateway's awk programs; skipped where there is no awk.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class AwkFactAttribute : FactAttribute
{
    public const string Program = "/usr/bin/awk";

    public AwkFactAttribute()
    {
        if (!File.Exists(Program))
            Skip = $"{Program} is not installed (package mawk)";
    }
}
