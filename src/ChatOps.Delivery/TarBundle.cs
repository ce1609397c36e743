using System.Formats.Tar;
using System.Text;

namespace ChatOps.Delivery;

/// <summary>
/// A revision's files as one ustar archive (POSIX.1-1988), flat. The same files give the same bytes, so that a revision that is sent again
/// can be recognised by its hash: fixed time, owner and mode, names in ordinal order.
/// </summary>
internal static class TarBundle
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Packs files, by name. Text is UTF-8 without a byte order mark.</summary>
    /// <exception cref="ArgumentException">A name is not that of a flat file.</exception>
    public static byte[] Of(IReadOnlyDictionary<string, string> files)
    {
        using var archive = new MemoryStream();
        using (var writer = new TarWriter(archive, TarEntryFormat.Ustar, leaveOpen: true))
        {
            foreach (var (name, text) in files.OrderBy(f => f.Key, StringComparer.Ordinal))
                Write(writer, Flat(name), Encoding.UTF8.GetBytes(text));
        }

        return archive.ToArray();
    }

    /// <summary>The name itself when it can only be a file beside the others; nothing else may reach a gateway's disk.</summary>
    /// <exception cref="ArgumentException">It is something else.</exception>
    internal static string Flat(string name) =>
        name.Length is > 0 and <= 64
        && char.IsAsciiLetterOrDigit(name[0])
        && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_')
            ? name
            : throw new ArgumentException($"\"{name}\" is not the name of a flat file (letters, digits, dots, hyphens)");

    private static void Write(TarWriter writer, string name, byte[] content)
    {
        using var data = new MemoryStream(content, writable: false);
        writer.WriteEntry(
            new UstarTarEntry(TarEntryType.RegularFile, name)
            {
                ModificationTime = DateTimeOffset.UnixEpoch,
                Uid = 0,
                Gid = 0,
                Mode = OwnerOnly,
                DataStream = data,
            }
        );
    }
}
