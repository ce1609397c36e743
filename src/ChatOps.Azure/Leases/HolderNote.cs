using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace ChatOps.Azure.Leases;

/// <summary>
/// Who holds a lease, in the metadata of its blob: the lease's id, the machine, the process and when that began. When the process was one
/// of this machine and is no more, the lease can be given back in its name. That takes the id, so it cannot hit a lease that somebody has
/// taken since.
/// </summary>
internal static class HolderNote
{
    private const string Lease = "lease";
    private const string Machine = "machine";
    private const string Process = "process";
    private const string Began = "began";

    // Process numbers mean something within one namespace of one start of one machine, and those of other users may not be shown.
    private static string ThisMachine { get; } =
        Hashed($"{Environment.UserName}@{Environment.MachineName} {BootId()} {new FileInfo("/proc/self/ns/pid").LinkTarget}");

    /// <summary>Leaves word; fails when the lease is not ours any more.</summary>
    public static Task WriteAsync(BlobClient blob, string lease)
    {
        var us = Environment.ProcessId;
        var note = new Dictionary<string, string>
        {
            [Lease] = lease,
            [Machine] = ThisMachine,
            [Process] = us.ToString(CultureInfo.InvariantCulture),
            [Began] = BeganAt(us) ?? "",
        };
        return blob.SetMetadataAsync(note, new BlobRequestConditions { LeaseId = lease });
    }

    /// <summary>Gives the lease back when its holder is dead for certain. Whether it did.</summary>
    public static async Task<bool> FreeTheDeadAsync(BlobClient blob, CancellationToken cancel)
    {
        var note = (await blob.GetPropertiesAsync(cancellationToken: cancel)).Value.Metadata;
        if (!note.TryGetValue(Lease, out var lease) || !IsDead(note))
            return false;
        try
        {
            await blob.GetBlobLeaseClient(lease).ReleaseAsync(cancellationToken: cancel);
            return true;
        }
        catch (RequestFailedException e) when (e.Status is 409 or 412)
        {
            // It is another lease by now.
            return false;
        }
    }

    // Where /proc does not tell, nobody is dead for certain.
    private static bool IsDead(IDictionary<string, string> note) =>
        Directory.Exists("/proc/self")
        && note[Machine] == ThisMachine
        && note[Began].Length > 0
        && int.TryParse(note[Process], CultureInfo.InvariantCulture, out var process)
        && BeganAt(process) != note[Began];

    // The 22nd word of proc_pid_stat(5), in clock ticks since the machine's start. The second is a name in parentheses, with whatever
    // characters.
    private static string? BeganAt(int process)
    {
        try
        {
            var words = File.ReadAllText($"/proc/{process}/stat").Split(')')[^1].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            return words[0] == "Z" ? null : words[19];
        }
        catch (IOException)
        {
            return null;
        }
    }

    // Metadata travels in headers, which take no letters beyond ASCII.
    private static string Hashed(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static string BootId()
    {
        const string file = "/proc/sys/kernel/random/boot_id";
        return File.Exists(file) ? File.ReadAllText(file).Trim() : "";
    }
}
