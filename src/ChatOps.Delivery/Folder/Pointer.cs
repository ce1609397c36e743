using System.Globalization;
using ChatOps.Core.Values;
using IO = System.IO;

namespace ChatOps.Delivery.Folder;

/// <summary>
/// A name that leads to one of the revisions: a symbolic link to <c>revisions/N</c>, or a small file with that text where links cannot be
/// made. Absent means revision 0, which has no files.
/// </summary>
internal sealed class Pointer(string folder, string name)
{
    /// <summary>Where it is.</summary>
    public string Path { get; } = IO.Path.Combine(folder, name);

    /// <summary>Where it leads.</summary>
    public Revision Revision
    {
        get =>
            Target() is { } target ? new(int.Parse(IO.Path.GetFileName(target), NumberStyles.None, CultureInfo.InvariantCulture)) : default;
        set => Set(value);
    }

    private string? Target() => new FileInfo(Path).LinkTarget ?? (File.Exists(Path) ? File.ReadAllText(Path).Trim() : null);

    private void Set(Revision revision)
    {
        if (revision == default)
        {
            // Removes the link itself, never what it leads to, and does not mind when there is none.
            File.Delete(Path);
            return;
        }

        // The old one or the new one, whenever this process dies: without any, the gateway would seem to be empty.
        var (made, target) = (Path + ".new", IO.Path.Combine("revisions", revision.ToString()));
        File.Delete(made);
        try
        {
            File.CreateSymbolicLink(made, target);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or PlatformNotSupportedException)
        {
            File.WriteAllText(made, target);
        }

        File.Move(made, Path, overwrite: true);
    }
}
