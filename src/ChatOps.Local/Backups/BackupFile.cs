using System.Formats.Tar;
using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;

namespace ChatOps.Local.Backups;

/// <summary>The file of a backup: a tar file, compressed by gzip, whose first entry is the manifest. <c>tar -tzf</c> lists it.</summary>
internal static class BackupFile
{
    private const int LongestManifest = 1024 * 1024;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>The parts that lie in a staged folder, with their hashes.</summary>
    public static IEnumerable<BackupPart> PartsIn(StagedData staged)
    {
        foreach (
            var file in staged.Folder.EnumerateFiles("*", SearchOption.AllDirectories).OrderBy(f => f.FullName, StringComparer.Ordinal)
        )
        {
            var name = Path.GetRelativePath(staged.Folder.FullName, file.FullName);
            if (PartNames.WhatIs(name) is not { } what)
                continue;
            using var content = file.OpenRead();
            yield return new(name, what, file.Length, Convert.ToHexStringLower(SHA256.HashData(content)));
        }
    }

    public static async Task WriteAsync(Stream to, BackupManifest manifest, StagedData staged, CancellationToken cancel)
    {
        await using var zipped = new GZipStream(to, CompressionLevel.Fastest, leaveOpen: true);
        await using var tar = new TarWriter(zipped, TarEntryFormat.Pax, leaveOpen: true);
        await AddAsync(tar, BackupManifest.FileName, new MemoryStream(manifest.ToJson()), manifest.Made, cancel);
        foreach (var part in manifest.Parts)
        {
            await using var content = File.OpenRead(staged.In(part.Name));
            await AddAsync(tar, part.Name, content, manifest.Made, cancel);
        }
    }

    /// <summary>Writes a backup as a file that only this user reads: whole, or not at all.</summary>
    /// <param name="replaces">True to take the place of a file that is there.</param>
    public static async Task WriteAsync(string path, BackupManifest manifest, StagedData staged, bool replaces, CancellationToken cancel)
    {
        var draft = $"{path}.{Guid.NewGuid():N}";
        try
        {
            await using (
                var file = new FileStream(
                    draft,
                    new FileStreamOptions
                    {
                        Mode = FileMode.CreateNew,
                        Access = FileAccess.Write,
                        UnixCreateMode = OwnerOnly,
                    }
                )
            )
            {
                await WriteAsync(file, manifest, staged, cancel);
                file.Flush(flushToDisk: true);
            }

            File.Move(draft, path, replaces);
        }
        finally
        {
            File.Delete(draft);
        }
    }

    /// <summary>Reads a backup into a staged folder. Nothing else is written, whatever stands in it.</summary>
    /// <exception cref="BackupException">It is no backup, or a damaged one.</exception>
    public static async Task<BackupManifest> ReadAsync(Stream from, string name, StagedData into, CancellationToken cancel)
    {
        try
        {
            await using var unzipped = new GZipStream(from, CompressionMode.Decompress, leaveOpen: true);
            await using var tar = new TarReader(unzipped, leaveOpen: true);
            if (
                await tar.GetNextEntryAsync(cancellationToken: cancel)
                is not { EntryType: TarEntryType.RegularFile, Name: BackupManifest.FileName, Length: <= LongestManifest } first
            )
                throw new BackupException($"{name} is not a backup of chatops: its first entry is not {BackupManifest.FileName}");
            var text = new MemoryStream();
            await first.DataStream!.CopyToAsync(text, cancel);
            var manifest = BackupManifest.Parse(text.GetBuffer().AsSpan(0, (int)text.Length));
            var missing = manifest.Parts.ToDictionary(p => p.Name, StringComparer.Ordinal);
            while (await tar.GetNextEntryAsync(cancellationToken: cancel) is { } entry)
            {
                if (
                    entry.EntryType != TarEntryType.RegularFile
                    || !missing.Remove(entry.Name, out var part)
                    || PartNames.WhatIs(part.Name) is null
                )
                    throw Damaged(name, $"it holds {entry.Name}, which does not belong there");
                if (entry.Length != part.Bytes || await SaveAsync(entry, into.In(part.Name), cancel) != part.Sha256)
                    throw Damaged(name, $"{part.Name} is not what the manifest says");
            }

            // To its very end, where the checksum of all of it is.
            await unzipped.CopyToAsync(Stream.Null, cancel);
            return missing.Count == 0 ? manifest : throw Damaged(name, $"{missing.Keys.First()} is missing in it");
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or FormatException)
        {
            throw Damaged(name, e.Message.TrimEnd('.'), e);
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            throw new BackupException($"{name}: {BackupManifest.FileName} cannot be read: {e.Message}", e);
        }
    }

    public static string SizeOf(long bytes) =>
        bytes < 10_000 ? $"{bytes} B"
        : bytes < 10_000_000 ? string.Create(CultureInfo.InvariantCulture, $"{bytes / 1000} kB")
        : string.Create(CultureInfo.InvariantCulture, $"{bytes / 1_000_000} MB");

    private static async Task AddAsync(TarWriter tar, string name, Stream content, DateTimeOffset time, CancellationToken cancel) =>
        await tar.WriteEntryAsync(
            new PaxTarEntry(TarEntryType.RegularFile, name)
            {
                Mode = OwnerOnly,
                ModificationTime = time,
                DataStream = content,
            },
            cancel
        );

    private static async Task<string> SaveAsync(TarEntry entry, string path, CancellationToken cancel)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!, OwnerOnly | UnixFileMode.UserExecute);
        await using (
            var file = new FileStream(
                path,
                new FileStreamOptions
                {
                    Mode = FileMode.CreateNew,
                    Access = FileAccess.Write,
                    UnixCreateMode = OwnerOnly,
                }
            )
        )
        {
            if (entry.DataStream is { } content)
                await content.CopyToAsync(file, cancel);
            file.Flush(flushToDisk: true);
        }

        await using var again = File.OpenRead(path);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(again, cancel));
    }

    private static BackupException Damaged(string name, string why, Exception? inner = null) =>
        new($"{name} is damaged: {why}. Nothing was changed. Next: take another backup", inner);
}
