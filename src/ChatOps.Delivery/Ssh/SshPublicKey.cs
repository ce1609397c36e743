using System.Buffers.Binary;
using System.Text;
using Renci.SshNet.Security;

namespace ChatOps.Delivery.Ssh;

/// <summary>A public key as OpenSSH writes it: its type and its bytes (RFC 4253, 6.6).</summary>
/// <param name="Type">The type: <c>ssh-ed25519</c>.</param>
/// <param name="Blob">The bytes in base64.</param>
internal readonly record struct SshPublicKey(string Type, string Blob)
{
    /// <summary>The key of a line of a <c>.pub</c> file; what follows it is a comment.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public static SshPublicKey Parse(string line) =>
        TryParse(line) ?? throw new InvalidOperationException("expected a public key as ssh-keygen writes it, such as ssh-ed25519 AAAA...");

    /// <summary>The key of a line; null when there is none.</summary>
    public static SshPublicKey? TryParse(string line)
    {
        if (line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) is not [var type, var blob, ..])
            return null;
        var bytes = new byte[blob.Length];
        return Convert.TryFromBase64String(blob, bytes, out var length) && TypeOf(bytes.AsSpan(0, length)) == type ? new(type, blob) : null;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Type} {Blob}";

    internal static SshPublicKey Of(HostAlgorithm key) => Of(key.Data);

    internal static SshPublicKey Of(byte[] blob) =>
        new(TypeOf(blob) ?? throw new FormatException("no public key"), Convert.ToBase64String(blob));

    // The bytes begin with their own type, after its length.
    private static string? TypeOf(ReadOnlySpan<byte> blob) =>
        blob.Length > 4 && BinaryPrimitives.ReadInt32BigEndian(blob) is var length and > 0 && length <= blob.Length - 4
            ? Encoding.ASCII.GetString(blob.Slice(4, length))
            : null;
}
