namespace ChatOps.Specs.Ssh;

/// <summary>A fact about a real sshd; skipped where OpenSSH's is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SshdFactAttribute : FactAttribute
{
    /// <summary>Where OpenSSH's server is.</summary>
    public const string Program = "/usr/sbin/sshd";

    public SshdFactAttribute()
    {
        if (!File.Exists(Program))
            Skip = $"{Program} is not installed (package openssh-server)";
    }
}
