using System.Buffers.Text;
using System.Security.Cryptography;

namespace ChatOps.Core.Domain.Values;

/// <summary>A person's key. Not a record, so that nothing prints it by accident.</summary>
/// <param name="id">Random; it stands in what is sealed and says nothing of the person.</param>
/// <param name="secret">32 bytes.</param>
public sealed class PersonKey(string id, byte[] secret)
{
    /// <summary>Its id: 16 characters of base64url.</summary>
    public string Id { get; } = id;

    /// <summary>Its 32 bytes.</summary>
    public ReadOnlyMemory<byte> Secret { get; } =
        secret.Length == 32 ? secret : throw new ArgumentException("a person's key has 32 bytes", nameof(secret));

    /// <summary>A new one.</summary>
    public static PersonKey Make() => new(Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(12)), RandomNumberGenerator.GetBytes(32));

    /// <summary>The key's id; never the key.</summary>
    public override string ToString() => Id;
}
