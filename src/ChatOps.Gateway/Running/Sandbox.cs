using System.Runtime.InteropServices;

namespace ChatOps.Gateway.Running;

/// <summary>
/// Where programs are asked what they say against a file that came over the network: no root, no network, and nothing of this machine's own
/// to read or write. A thread gives all of that away for good, and what it starts has no more than it. No program is needed for it, and it
/// costs a millisecond.
/// </summary>
internal static partial class Sandbox
{
    private const int Nobody = 65534;
    private const int NewMounts = 0x20000;
    private const ulong ReadOnly = 0x1, NoSetUid = 0x2, NoDevices = 0x4, Recursive = 0x4000, Private = 0x40000;

    // "/run" is there for sockets of services as well as for files.
    private static readonly string[] Hidden = ["/root", "/home", "/var", "/run", "/etc/chatops", "/etc/wireguard", "/etc/ssh"];

    // setgroups, setresgid, setresuid of the kernel. The C library's would be those of all threads.
    private static readonly (nint Groups, nint Group, nint User) Calls =
        RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? (159, 149, 147) : (116, 119, 117);

    /// <summary>Does some work in there.</summary>
    /// <exception cref="IOException">The kernel does not let this program make such a place.</exception>
    public static T Run<T>(Func<T> work)
    {
        var (result, failure) = (default(T), (Exception?)null);
        var thread = new Thread(() =>
        {
            try
            {
                Enter();
                result = work();
            }
            catch (IOException e)
            {
                failure = e;
            }
        });
        thread.Start();
        thread.Join();
        return failure is null ? result! : throw new IOException(failure.Message, failure);
    }

    private static void Enter()
    {
        Must(Libc.Unshare(NewMounts | Libc.NewNetwork), "leave the network");
        // What is mounted from here on nobody else sees.
        Must(Mount(null, "/", null, Recursive | Private, null), "leave the mounts");
        foreach (var folder in Hidden.Where(Directory.Exists))
            Must(Mount("none", folder, "tmpfs", ReadOnly | NoSetUid | NoDevices, "size=4k"), $"hide {folder}");
        Must(Mount("none", "/tmp", "tmpfs", NoSetUid | NoDevices, "mode=1777,size=64k"), "hide /tmp");
        Must((int)Call(Calls.Groups, 0, 0, 0), "leave all groups");
        Must((int)Call(Calls.Group, Nobody, Nobody, Nobody), "be nobody's");
        Must((int)Call(Calls.User, Nobody, Nobody, Nobody), "be nobody");
        const int noNewPrivileges = 38;
        Must(Control(noNewPrivileges, 1, 0, 0, 0), "keep to that");
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
}
