namespace ChatOps.Storage.Sqlite;

/// <summary>Files that nobody but their owner reads, whatever the umask says.</summary>
internal static class OwnerFile
{
    /// <summary>
    /// Makes an empty file where there is none, before SQLite makes it, so that nobody else can read it for a moment either. What SQLite
    /// puts beside it (<c>-wal</c>, <c>-shm</c>) gets the same mode. One that is there is not opened: closing it again would let go of the
    /// locks that this process has on it.
    /// </summary>
    /// <param name="path">The file; its folder must be there.</param>
    /// <exception cref="IOException">It cannot be made.</exception>
    public static void Make(string path)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        if (Path.Exists(path))
            return;
        try
        {
            new FileStream(Path.GetFullPath(path), options).Dispose();
        }
        catch (IOException) when (File.Exists(path))
        {
            // Another process was faster, and has made it in the same way.
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"opening {path}: {e.Message.TrimEnd('.')}; nothing was written", e);
        }
    }
}
