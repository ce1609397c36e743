using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Core.Application.Erasure;

/// <summary>
/// Seals and opens texts under one person's key: AES-256-GCM whose nonce is an HMAC over the place and the text. The same text in the same
/// place is the same bytes each time, so that a record that is sent twice stays one record; different texts or places have different
/// nonces. What is sealed belongs to its place, and opens in no other.
/// </summary>
internal sealed class TextSeal : IDisposable
{
    private const int NonceLength = 12;
    private const int TagLength = 16;
    private const int KeyLength = 32;

    private readonly string _id;
    private readonly byte[] _nonceKey;
    private readonly AesGcm _cipher;
    private readonly Lock _lock = new();

    public TextSeal(PersonKey key)
    {
        _id = key.Id;
        Span<byte> keys = stackalloc byte[2 * KeyLength];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, key.Secret.Span, keys, [], "chatops sealed text v1"u8);
        _cipher = new AesGcm(keys[..KeyLength], TagLength);
        _nonceKey = keys[KeyLength..].ToArray();
        CryptographicOperations.ZeroMemory(keys);
    }

    public SealedText Seal(string record, string field, string text)
    {
        var plain = Encoding.UTF8.GetBytes(text);
        var place = PlaceOf(record, field);
        var content = new byte[NonceLength + plain.Length + TagLength];
        byte[] said = [.. place, 0, .. plain];
        HMACSHA256.HashData(_nonceKey, said).AsSpan(0, NonceLength).CopyTo(content);
        lock (_lock)
            _cipher.Encrypt(
                content.AsSpan(0, NonceLength),
                plain,
                content.AsSpan(NonceLength, plain.Length),
                content.AsSpan(NonceLength + plain.Length),
                place
            );
        return new SealedText(_id, Base64Url.EncodeToString(content));
    }

    /// <summary>Opens a text; null when it was not sealed in this place by this key.</summary>
    public string? Open(string record, string field, SealedText text)
    {
        if (!Base64Url.IsValid(text.Content, out var length) || length < NonceLength + TagLength)
            return null;
        var content = Base64Url.DecodeFromChars(text.Content);
        var plain = new byte[length - NonceLength - TagLength];
        try
        {
            lock (_lock)
                _cipher.Decrypt(
                    content.AsSpan(0, NonceLength),
                    content.AsSpan(NonceLength, plain.Length),
                    content.AsSpan(length - TagLength),
                    plain,
                    PlaceOf(record, field)
                );
            return Encoding.UTF8.GetString(plain);
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(_nonceKey);
        _cipher.Dispose();
    }

    // Names of fields are ours and have no line break in them, so that no two places are written alike.
    private byte[] PlaceOf(string record, string field) => Encoding.UTF8.GetBytes($"{_id}\n{field}\n{record}");
}
