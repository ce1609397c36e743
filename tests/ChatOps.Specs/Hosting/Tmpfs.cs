using System.Diagnostics;
using System.Globalization;

namespace ChatOps.Specs.Hosting;

/// <summary>A small file system in memory, which only root can mount.</summary>
internal sealed class Tmpfs : IDisposable
{
    private Tmpfs(string path) => Path = path;

    public string Path { get; }

    private string Filling => System.IO.Path.Combine(Path, "filling");

    public static Tmpfs Of(string path, int kibibytes)
    {
        Directory.CreateDirectory(path);
        return TryMount(path, kibibytes) ? new Tmpfs(path) : throw new InvalidOperationException($"{path} cannot be mounted");
    }

    public static bool TryMount(string path, int kibibytes) =>
        Run("mount", "-t", "tmpfs", "-o", string.Create(CultureInfo.InvariantCulture, $"size={kibibytes}k,mode=700"), "tmpfs", path) == 0;

    /// <summary>Leaves room for so many KiB.</summary>
    public void Fill(int roomFor)
    {
        var free = (int)(new DriveInfo(Path).AvailableFreeSpace / 1024) - roomFor;
        File.WriteAllBytes(Filling, new byte[free * 1024]);
    }

    public void Empty() => File.Delete(Filling);

    public void MakeReadOnly() => Assert.Equal(0, Run("mount", "-o", "remount,ro", Path));

    public void Dispose() => Run("umount", Path);

    public static int Run(string program, params string[] line)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, line) { RedirectStandardError = true })!;
            process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return -1;
        }
    }
}

/// <summary>A fact that needs a small disk of its own.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class TmpfsFactAttribute : FactAttribute
{
    public TmpfsFactAttribute() => Skip = TmpfsTheoryAttribute.Reason;
}

/// <summary>A theory that needs a small disk of its own.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class TmpfsTheoryAttribute : TheoryAttribute
{
    private static readonly Lazy<string?> Why = new(() =>
    {
        using var folder = new TempFolder();
        if (!Tmpfs.TryMount(folder.Path, 64))
            return "only root can mount a small disk";
        Tmpfs.Run("umount", folder.Path);
        return null;
    });

    public TmpfsTheoryAttribute() => Skip = Reason;

    internal static string? Reason => Why.Value;
}
