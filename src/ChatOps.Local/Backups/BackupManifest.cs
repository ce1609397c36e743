using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace ChatOps.Local.Backups;

/// <summary>What a backup says of itself, as its first entry <c>manifest.json</c>.</summary>
/// <param name="Format">Which form of backup: <see cref="Current"/>.</param>
/// <param name="Forgotten">Whose keys were taken out of it afterwards: people who were forgotten after it was made.</param>
internal sealed record BackupManifest(
    string Format,
    DateTimeOffset Made,
    string Program,
    BackupLog Log,
    ImmutableArray<BackupPart> Parts,
    ImmutableArray<ForgottenPerson> Forgotten
)
{
    public const string Current = "chatops-backup-v1";

    public const string FileName = "manifest.json";

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, Options);

    /// <exception cref="JsonException">It is none that this program knows.</exception>
    public static BackupManifest Parse(ReadOnlySpan<byte> json)
    {
        var read = JsonSerializer.Deserialize<BackupManifest>(json, Options) ?? throw new JsonException("it is empty");
        if (read.Format != Current)
            throw new JsonException($"it is of the form \"{read.Format}\", and this program knows {Current}");
        return read.Log is null || read.Parts.IsDefaultOrEmpty || read.Forgotten.IsDefault
            ? throw new JsonException("a member is missing")
            : read;
    }
}

/// <param name="Origin">Its name: <c>chatops/</c> and 16 hexadecimal digits.</param>
/// <param name="Root">The root of the tree over them, base64.</param>
/// <param name="People">How many people's names and reasons can be read.</param>
internal sealed record BackupLog(string Origin, long Records, string Root, int People);

/// <param name="Sha256">SHA-256 of it, in lower-case hexadecimal digits.</param>
internal sealed record BackupPart(string Name, string What, long Bytes, string Sha256);

internal sealed record ForgottenPerson(string Platform, string Id, ImmutableArray<string> Keys);
