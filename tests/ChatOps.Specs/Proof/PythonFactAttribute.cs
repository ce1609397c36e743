namespace ChatOps.Specs.Proof;

/// <summary>A test that needs Python and OpenSSL.</summary>
internal sealed class PythonFactAttribute : FactAttribute
{
    public PythonFactAttribute()
    {
        if (
            !File.Exists("/usr/bin/openssl")
            || Environment.GetEnvironmentVariable("PATH")!.Split(':').All(p => !File.Exists(Path.Combine(p, "python3")))
        )
            Skip = "python3 or openssl is not installed. Next: apt-get install python3 openssl";
    }
}
