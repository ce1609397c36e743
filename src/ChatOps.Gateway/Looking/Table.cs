using System.Text;
using ChatOps.Gateway.Reading;
using ChatOps.Gateway.Running;
using ChatOps.Gateway.State;
using Microsoft.Win32.SafeHandles;

namespace ChatOps.Gateway.Looking;

/// <summary>The table that runs, and what a full load makes of a revision's file.</summary>
internal static class Table
{
    // With -n, or nft looks up a name for every element.
    private static readonly string[] Listing = ["-ns", "list", "table", "inet", "chatops"];

    // Of how a listing is read.
    private const string Version = "3";

    /// <summary>The table as it is; empty when there is none.</summary>
    public static string Now() => TableListing.Meaning(Command.Run("nft", Listing).Output);

    /// <summary>
    /// What it should be: the file is loaded in a network namespace that is gone afterwards. The outcome is kept until the file is another,
    /// or nft is, or how a listing is read: for 10,000 exposures it takes a second.
    /// </summary>
    public static string Expected(RevisionFolder folder)
    {
        var content = Files.Bytes(folder[".delivered/nftables.nft"]) ?? Files.Bytes(folder["nftables.nft"]);
        if (content is null)
            return "";
        var kind = $"{Version} {Command.Run("nft", "--version").Output}";
        var kept = $"{Places.Run}/table.{Sha256.Of([.. Encoding.UTF8.GetBytes(kind), .. content])}";
        if (Files.Text(kept) is { } known)
            return known;
        var expected = Loaded(content);
        foreach (var path in Directory.EnumerateFiles(Places.Run, "table.*"))
            Files.Delete(path);
        // A name of its own first: another look may be clearing up.
        var next = $"{Places.Run}/look.{Environment.ProcessId}";
        File.WriteAllText(next, expected);
        File.Move(next, kept, overwrite: true);
        return expected;
    }

    private static string Loaded(byte[] content)
    {
        using var home = new SafeFileHandle(Libc.Open("/proc/thread-self/ns/net", Libc.CloseOnExec), ownsHandle: true);
        if (Libc.Unshare(Libc.NewNetwork) != 0)
            throw Broken($"no network namespace: {Libc.LastError}");
        try
        {
            var loaded = Command.RunWith(content, "nft", "-f", "-");
            var listed = loaded.IsOk ? Command.Run("nft", Listing) : loaded;
            return listed.IsOk ? TableListing.Meaning(listed.Output) : throw Broken(listed.Said);
        }
        finally
        {
            GoHome(home);
        }
    }

    private static void GoHome(SafeFileHandle home)
    {
        if (Libc.Enter(home, Libc.NewNetwork) != 0)
            Environment.FailFast("this program cannot come back to the network of its machine");
    }

    private static Refusal Broken(string text) =>
        new("looking", "broken", $"cannot load nftables.nft beside what runs: {text}", "nftables.nft");
}
