using System.Reflection;

namespace ChatOps.Hosting;

/// <summary>Which version of the program this is: what <c>infra/version</c> said of the checkout when it was published.</summary>
public static class ProgramVersion
{
    /// <summary>The version, such as <c>1.2.0-4-gabc1234</c>.</summary>
    public static string Current { get; } = Read(Path.Combine(AppContext.BaseDirectory, "version.txt"), typeof(ProgramVersion).Assembly);

    // What was only built says the commit at most.
    internal static string Read(string file, Assembly assembly)
    {
        if (File.Exists(file) && File.ReadAllText(file).Trim() is { Length: > 0 } version)
            return version;
        var parts = assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+') ?? [];
        return parts.Length == 2 && parts[1].Length >= 7 ? $"0.0.0-g{parts[1][..7]}" : "0.0.0-unknown";
    }
}
