using System.Runtime.InteropServices;

namespace ChatOps.Gateway.Running;

/// <summary>What programs find in a sandbox besides what the distribution has installed.</summary>
internal sealed record Furniture
{
    public IReadOnlyDictionary<string, byte[]> Files { get; init; } = new Dictionary<string, byte[]>();

    public IReadOnlyList<string> Folders { get; init; } = [];

    /// <summary>Whether they see the network of this machine; else they have an empty one.</summary>
    public bool HasNetwork { get; init; }
}

/// <summary>
/// Where programs are asked what they say against a file that came over the network: no root, no network, and nothing of this machine's own
/// to read or write. A thread gives all of that away for good, and what it starts has no more than it. No program is needed for it, and it
/// costs a millisecond.
/// </summary>
internal static unsafe partial class Sandbox
{
    /// <summary>To listen on ports below 1,024.</summary>
    public const int BindService = 10;

    /// <summary>To ask the kernel about tables of the network that one is in.</summary>
    public const int AdministerNetwork = 12;

    private const int Nobody = 65534;
    private const int NewMounts = 0x20000;
    private const ulong ReadOnly = 0x1,
        NoSetUid = 0x2,
        NoDevices = 0x4,
        Recursive = 0x4000,
        Private = 0x40000;

    // "/run" is there for sockets of services as well as for files.
    private static readonly string[] Hidden = ["/root", "/home", "/run", "/srv", "/mnt", "/media", "/opt", "/boot"];

    // By which accounts have names.
    private static readonly string[] Known = ["/etc/passwd", "/etc/group"];

    // setgroups, setresgid, setresuid of the kernel. The C library's would be those of all threads.
    private static readonly (nint Groups, nint Group, nint User) Calls =
        RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? (159, 149, 147) : (116, 119, 117);

    /// <exception cref="IOException">The kernel does not let this program make such a place.</exception>
    public static T Run<T>(Furniture furniture, Func<T> work)
    {
        var (result, failure) = (default(T), (Exception?)null);
        var thread = new Thread(() =>
        {
            try
            {
                Enter(furniture);
                result = work();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                failure = e;
            }
        });
        thread.Start();
        thread.Join();
        return failure is null ? result! : throw new IOException(failure.Message, failure);
    }

    /// <summary>Starts a program in there that has one capability, and only that one.</summary>
    public static Command Granting(int capability, Func<Command> start)
    {
        const int ambient = 47,
            raise = 2,
            clear = 4;
        Must(Control(ambient, raise, (nuint)capability, 0, 0), "let a program have a capability");
        try
        {
            return start();
        }
        finally
        {
            Must(Control(ambient, clear, 0, 0, 0), "take a capability back");
        }
    }

    private static void Enter(Furniture furniture)
    {
        var known = Known.Where(File.Exists).ToDictionary(f => f, File.ReadAllBytes);
        Must(Libc.Unshare(NewMounts | (furniture.HasNetwork ? 0 : Libc.NewNetwork)), "leave the network");
        // What is mounted from here on nobody else sees.
        Must(Mount(null, "/", null, Recursive | Private, null), "leave the mounts");
        foreach (var folder in Hidden.Where(Directory.Exists))
            Must(Mount("none", folder, "tmpfs", ReadOnly | NoSetUid | NoDevices, "size=4k"), $"hide {folder}");
        Must(Mount("none", "/tmp", "tmpfs", NoSetUid | NoDevices, "mode=1777,size=64k"), "hide /tmp");
        foreach (var folder in (string[])["/etc", "/var"])
            Must(Mount("none", folder, "tmpfs", NoSetUid | NoDevices, "mode=755,size=8m"), $"hide {folder}");
        const UnixFileMode read = UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
        const UnixFileMode enter = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        foreach (var folder in furniture.Folders)
            Make(folder, read | enter | UnixFileMode.UserWrite | UnixFileMode.OtherWrite);
        foreach (var (path, content) in known.Concat(furniture.Files))
        {
            Make(Path.GetDirectoryName(path)!, read | enter);
            File.WriteAllBytes(path, content);
            File.SetUnixFileMode(path, read);
        }

        const int keepCapabilities = 8,
            noNewPrivileges = 38;
        Must(Control(keepCapabilities, 1, 0, 0, 0), "keep what a program may need");
        Must((int)Call(Calls.Groups, 0, 0, 0), "leave all groups");
        Must((int)Call(Calls.Group, Nobody, Nobody, Nobody), "be nobody's");
        Must((int)Call(Calls.User, Nobody, Nobody, Nobody), "be nobody");
        Keep(1u << BindService | 1u << AdministerNetwork);
        Must(Control(noNewPrivileges, 1, 0, 0, 0), "keep to that");

        static void Make(string folder, UnixFileMode mode)
        {
            // Whoever made the folders above it: this program's own mask would keep nobody out of them.
            for (var at = folder; !Directory.Exists(at); at = Path.GetDirectoryName(at)!)
                Make(Path.GetDirectoryName(at)!, read | enter);
            Directory.CreateDirectory(folder);
            if (folder is not ("/etc" or "/var" or "/"))
                File.SetUnixFileMode(folder, mode);
        }
    }

    // Programs inherit none of these; "Granting" gives them one.
    private static void Keep(uint capabilities)
    {
        var header = stackalloc uint[] { 0x20080522, 0 };
        var sets = stackalloc uint[] { 0, capabilities, capabilities, 0, 0, 0 };
        Must(SetCapabilities(header, sets), "give all capabilities away");
    }

    private static void Must(int outcome, string what)
    {
        if (outcome != 0)
            throw new IOException($"cannot check files apart from this machine ({what}): {Libc.LastError}");
    }

    [LibraryImport("libc", EntryPoint = "mount", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Mount(string? source, string target, string? type, ulong flags, string? data);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint Call(nint number, nint first, nint second, nint third);

    [LibraryImport("libc", EntryPoint = "prctl", SetLastError = true)]
    private static partial int Control(int option, nuint first, nuint second, nuint third, nuint fourth);

    [LibraryImport("libc", EntryPoint = "capset", SetLastError = true)]
    private static partial int SetCapabilities(uint* header, uint* sets);
}
