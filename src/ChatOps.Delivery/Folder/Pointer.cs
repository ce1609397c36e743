using System.Globalization;
using ChatOps.Core.Domain.Values;
using IO = System.IO;

namespace ChatOps.Delivery.Folder;

/// <summary>
/// A name that leads to one of the revisions: a symbolic link to <c>revisions/N</c>, or a small file with that text where links cannot be
/// made. Absent means revision 0, which has no files.
/// </summary>
internal sealed class Pointer(string folder, string name)
{
    public string Path { get; } = IO.Path.Combine(folder, name);

    public Revision Revision
    {
        get =>
            Target() is { } target ? new(int.Parse(IO.Path.GetFileName(target), NumberStyles.None, CultureInfo.InvariantCulture)) : default;
        set => Set(value);
    }

    // Where the next one is until it takes the place of the one before. Whoever dies between the two steps leaves it there, and there it
    // counts.
    private string Beside => Path + ".new";

    private string? Target() => TargetOf(Path) ?? TargetOf(Beside);

    private void Set(Revision revision)
    {
        if (TargetOf(Path) is null && TargetOf(Beside) is not null)
            TakePlace();
        File.Delete(Beside);
        if (revision != default)
            Put(IO.Path.Combine("revisions", revision.ToString()));

        // Removes the link itself, never what it leads to, and does not mind when there is none.
        File.Delete(Path);
        if (revision != default)
            TakePlace();
    }

    private void Put(string target)
    {
        try
        {
            File.CreateSymbolicLink(Beside, target);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or PlatformNotSupportedException)
        {
            File.WriteAllText(Beside, target);
        }
    }

    // A link to a folder is moved as a folder is, which does not replace.
    private void TakePlace()
    {
        if (Directory.Exists(Beside))
            Directory.Move(Beside, Path);
        else
            File.Move(Beside, Path);
    }

    private static string? TargetOf(string path) =>
        new FileInfo(path).LinkTarget ?? (File.Exists(path) ? File.ReadAllText(path).Trim() : null);
}
