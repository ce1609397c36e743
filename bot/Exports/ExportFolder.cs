namespace ChatOps.Bot.Exports;

/// <summary>The folder in which answers become files. Others on this machine read neither it nor what is in it.</summary>
/// <param name="path">The folder; made when something is written.</param>
public sealed class ExportFolder(string path)
{
    /// <summary>The path of the folder.</summary>
    public string Path => path;

    /// <summary>Where a file of this name is to be written. The folder is there then.</summary>
    public string PathOf(string name)
    {
        Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return System.IO.Path.Combine(path, name);
    }

    /// <summary>A new file, in the place of an older one with its name.</summary>
    public static FileStream Create(string path) =>
        new(
            path,
            new FileStreamOptions
            {
                Mode = FileMode.Create,
                Access = FileAccess.Write,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            }
        );
}
