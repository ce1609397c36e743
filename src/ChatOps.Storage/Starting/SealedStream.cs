using System.Buffers.Binary;
using System.Security.Cryptography;

namespace ChatOps.Storage.Starting;

/// <summary>
/// A file in sections, each encrypted and authenticated under a key that is this file's alone (AES-256-GCM; the key follows from a secret
/// and a random salt at its beginning). A section that was changed, moved or cut off does not open. It is read or written once, from its
/// beginning to its end.
/// </summary>
internal sealed class SealedStream : Stream
{
    private const int SectionLength = 1 << 18;
    private const int SaltLength = 32;
    private const int TagLength = 16;

    private readonly Stream _file;
    private readonly AesGcm _cipher;
    private readonly bool _writes;
    private readonly byte[] _plain = new byte[SectionLength];
    private readonly byte[] _sealed = new byte[sizeof(int) + SectionLength + TagLength];
    private int _at;
    private int _length;
    private long _section;
    private bool _isOver;

    private SealedStream(Stream file, AesGcm cipher, bool writes) => (_file, _cipher, _writes) = (file, cipher, writes);

    /// <inheritdoc/>
    public override bool CanRead => !_writes;

    /// <inheritdoc/>
    public override bool CanWrite => _writes;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Begins to write. Only <see cref="Finish"/> makes it whole.</summary>
    public static SealedStream Writing(Stream file, ReadOnlySpan<byte> secret)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltLength);
        file.Write(salt);
        return new(file, CipherOf(secret, salt), writes: true);
    }

    public static SealedStream Reading(Stream file, ReadOnlySpan<byte> secret)
    {
        var salt = new byte[SaltLength];
        file.ReadExactly(salt);
        return new(file, CipherOf(secret, salt), writes: false);
    }

    public void Finish() => WriteSection(isLast: true);

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            var part = buffer[..Math.Min(buffer.Length, SectionLength - _at)];
            part.CopyTo(_plain.AsSpan(_at));
            _at += part.Length;
            buffer = buffer[part.Length..];
            if (_at == SectionLength)
                WriteSection(isLast: false);
        }
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        while (_at == _length && !_isOver)
            ReadSection();
        var count = Math.Min(buffer.Length, _length - _at);
        _plain.AsSpan(_at, count).CopyTo(buffer);
        _at += count;
        return count;
    }

    /// <inheritdoc/>
    public override void Flush() { }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _cipher.Dispose();
        CryptographicOperations.ZeroMemory(_plain);
        base.Dispose(disposing);
    }

    private static AesGcm CipherOf(ReadOnlySpan<byte> secret, byte[] salt)
    {
        Span<byte> key = stackalloc byte[32];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, key, salt, "chatops start v1"u8);
        return new AesGcm(key, TagLength);
    }

    private void WriteSection(bool isLast)
    {
        BinaryPrimitives.WriteInt32BigEndian(_sealed, isLast ? -_at - 1 : _at);
        _cipher.Encrypt(
            Nonce(),
            _plain.AsSpan(0, _at),
            _sealed.AsSpan(sizeof(int), _at),
            _sealed.AsSpan(sizeof(int) + _at, TagLength),
            _sealed.AsSpan(0, sizeof(int))
        );
        _file.Write(_sealed, 0, sizeof(int) + _at + TagLength);
        _at = 0;
    }

    private void ReadSection()
    {
        _file.ReadExactly(_sealed, 0, sizeof(int));
        var said = BinaryPrimitives.ReadInt32BigEndian(_sealed);
        (_isOver, _length, _at) = (said < 0, said < 0 ? -(said + 1) : said, 0);
        if (_length > SectionLength)
            throw new InvalidDataException("a section is longer than any that was written");
        _file.ReadExactly(_sealed, sizeof(int), _length + TagLength);
        _cipher.Decrypt(
            Nonce(),
            _sealed.AsSpan(sizeof(int), _length),
            _sealed.AsSpan(sizeof(int) + _length, TagLength),
            _plain.AsSpan(0, _length),
            _sealed.AsSpan(0, sizeof(int))
        );
    }

    // No two sections of a file have the same, and no two files the same key.
    private byte[] Nonce()
    {
        var nonce = new byte[12];
        BinaryPrimitives.WriteInt64BigEndian(nonce.AsSpan(4), _section++);
        return nonce;
    }
}
