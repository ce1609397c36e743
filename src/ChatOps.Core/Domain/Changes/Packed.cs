using System.IO.Compression;
using System.Text.Json;

namespace ChatOps.Core.Domain.Changes;

/// <summary>
/// Something that is seldom looked at, as a few bytes: deflated JSON in the forms in which the log stores values. While somebody looks at
/// it it stays unpacked.
/// </summary>
/// <typeparam name="T">What it is.</typeparam>
/// <param name="bytes">What <see cref="Of"/> made.</param>
public sealed class Packed<T>(ReadOnlyMemory<byte> bytes)
    where T : class
{
    private readonly WeakReference<T?> _opened = new(null);

    /// <summary>The bytes; only this program reads them.</summary>
    public ReadOnlyMemory<byte> Bytes { get; } = bytes;

    /// <summary>Packs a value.</summary>
    public static Packed<T> Of(T value)
    {
        using var bytes = new MemoryStream();
        using (var deflated = new DeflateStream(bytes, CompressionLevel.Fastest))
            JsonSerializer.Serialize(deflated, value, EventJson.Options);
        return new(bytes.ToArray());
    }

    /// <summary>Unpacks the value.</summary>
    public T Open()
    {
        if (_opened.TryGetTarget(out var opened))
            return opened;
        using var inflated = new DeflateStream(new MemoryStream(Bytes.ToArray()), CompressionMode.Decompress);
        var value = JsonSerializer.Deserialize<T>(inflated, EventJson.Options)!;
        _opened.SetTarget(value);
        return value;
    }
}
