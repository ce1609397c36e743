using System.Runtime.CompilerServices;

namespace ChatOps.Specs;

/// <summary>
/// Compares a text with the file that was approved for it; <c>UPDATE_SNAPSHOTS=1</c> writes the files anew, to be read before commit; but
/// never one that is for ever.
/// </summary>
internal static class Snapshot
{
    public static void Match(string name, string text, bool isForEver = false, [CallerFilePath] string caller = "")
    {
        var file = Path.Combine(Path.GetDirectoryName(caller)!, "snapshots", name);
        if (Environment.GetEnvironmentVariable("UPDATE_SNAPSHOTS") == "1" && !(isForEver && File.Exists(file)))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, text);
        }

        Assert.True(File.Exists(file), $"no snapshot {file}; run the tests with UPDATE_SNAPSHOTS=1 and read what it wrote");
        Assert.Equal(File.ReadAllText(file), text);
    }
}
