using System.Text;
using ChatOps.Gateway.Running;

namespace ChatOps.Gateway.Loading;

/// <summary>The table <c>inet chatops</c>, each time in one transaction of the kernel.</summary>
internal static class Firewall
{
    private const string File = "nftables.nft";
    private const string None = "table inet chatops {}\ndelete table inet chatops\n";

    /// <summary>Loads the elements alone; why not, when what runs does not take them: then nothing has happened.</summary>
    public static string? LoadElements(string elements)
    {
        var loaded = Command.RunWith(elements, "nft", "-f", "-");
        return loaded.IsOk ? null : loaded.Said;
    }

    public static void Load(Change change)
    {
        if (change.HasElements)
            return;
        if (change.Elements is { } elements)
        {
            if (LoadElements(elements) is not { } refused)
                return;
            Journal.Say($"the elements do not fit what runs; the whole table is loaded: {refused}");
        }

        var table = change.New.Has(File) ? change.Ending.Behind(Encoding.UTF8.GetString(change.New.Bytes(File))) : None;
        var loaded = Command.RunWith(table, "nft", "-f", "-");
        if (!loaded.IsOk)
            change.Fail(File, loaded.Said);
        else
            change.Ending.NoteLoaded();
    }
}
