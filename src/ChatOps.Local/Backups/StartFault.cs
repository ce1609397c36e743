using System.Globalization;
using ChatOps.Bot.Configuration;

namespace ChatOps.Local.Backups;

/// <summary>
/// What keeps a start from beginning is a sentence with what to do, and no trace: a full disk, a folder that cannot be written to.
/// </summary>
internal static class StartFault
{
    private const long LeastRoom = 1 << 20;

    // What the system says of a disk that is mounted read-only (EROFS).
    private const int IsReadOnly = 30;

    /// <exception cref="ConfigurationException">The machine does not let it.</exception>
    public static async Task<T> NamedAsync<T>(string data, Func<Task<T>> start)
    {
        try
        {
            return await start();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            throw new ConfigurationException($"{e.Message.TrimEnd('.')}. Nothing was started. Next: {WhatNext(data, e)}", e);
        }
    }

    public static string WhatNext(string data, Exception fault)
    {
        if (fault.HResult == IsReadOnly)
            return $"mount the disk of {data} so that it can be written to, or name another folder by --data";
        try
        {
            var free = new DriveInfo(Path.GetFullPath(data)).AvailableFreeSpace;
            if (free < LeastRoom)
                return string.Create(
                    CultureInfo.InvariantCulture,
                    $"make room on the disk of {data}, where {free / 1024} KiB are free, and start again"
                );
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Whoever cannot say how much room there is has said already what is wrong.
        }

        return $"see that this user may read and write all of {data}, and start again";
    }
}
