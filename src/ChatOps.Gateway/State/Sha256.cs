using System.Buffers.Binary;
using System.Numerics;

namespace ChatOps.Gateway.State;

/// <summary>
/// SHA-256 (FIPS 180-4). .NET has it from OpenSSL, which would have to be on the gateway and takes longer to load than all that is summed
/// here.
/// </summary>
internal static class Sha256
{
    private static readonly uint[] Rounds =
    [
        0x428a2f98,
        0x71374491,
        0xb5c0fbcf,
        0xe9b5dba5,
        0x3956c25b,
        0x59f111f1,
        0x923f82a4,
        0xab1c5ed5,
        0xd807aa98,
        0x12835b01,
        0x243185be,
        0x550c7dc3,
        0x72be5d74,
        0x80deb1fe,
        0x9bdc06a7,
        0xc19bf174,
        0xe49b69c1,
        0xefbe4786,
        0x0fc19dc6,
        0x240ca1cc,
        0x2de92c6f,
        0x4a7484aa,
        0x5cb0a9dc,
        0x76f988da,
        0x983e5152,
        0xa831c66d,
        0xb00327c8,
        0xbf597fc7,
        0xc6e00bf3,
        0xd5a79147,
        0x06ca6351,
        0x14292967,
        0x27b70a85,
        0x2e1b2138,
        0x4d2c6dfc,
        0x53380d13,
        0x650a7354,
        0x766a0abb,
        0x81c2c92e,
        0x92722c85,
        0xa2bfe8a1,
        0xa81a664b,
        0xc24b8b70,
        0xc76c51a3,
        0xd192e819,
        0xd6990624,
        0xf40e3585,
        0x106aa070,
        0x19a4c116,
        0x1e376c08,
        0x2748774c,
        0x34b0bcb5,
        0x391c0cb3,
        0x4ed8aa4a,
        0x5b9cca4f,
        0x682e6ff3,
        0x748f82ee,
        0x78a5636f,
        0x84c87814,
        0x8cc70208,
        0x90befffa,
        0xa4506ceb,
        0xbef9a3f7,
        0xc67178f2,
    ];

    /// <summary>The sum as sha256sum(1) prints it: 64 small hexadecimal digits.</summary>
    public static string Of(ReadOnlySpan<byte> data)
    {
        Span<uint> state = [0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19];
        var whole = data.Length & ~63;
        for (var at = 0; at < whole; at += 64)
            Compress(state, data.Slice(at, 64));

        // The rest, a one, zeros, and the length in bits.
        Span<byte> end = stackalloc byte[128];
        end.Clear();
        var rest = data[whole..];
        rest.CopyTo(end);
        end[rest.Length] = 0x80;
        end = end[..(rest.Length < 56 ? 64 : 128)];
        BinaryPrimitives.WriteUInt64BigEndian(end[^8..], (ulong)data.Length * 8);
        for (var at = 0; at < end.Length; at += 64)
            Compress(state, end.Slice(at, 64));

        Span<byte> sum = stackalloc byte[32];
        for (var i = 0; i < 8; i++)
            BinaryPrimitives.WriteUInt32BigEndian(sum[(4 * i)..], state[i]);
        return Convert.ToHexStringLower(sum);
    }

    private static void Compress(Span<uint> state, ReadOnlySpan<byte> block)
    {
        Span<uint> words = stackalloc uint[64];
        for (var i = 0; i < 16; i++)
            words[i] = BinaryPrimitives.ReadUInt32BigEndian(block[(4 * i)..]);
        for (var i = 16; i < 64; i++)
        {
            var (a, b) = (words[i - 15], words[i - 2]);
            words[i] =
                words[i - 16]
                + words[i - 7]
                + (BitOperations.RotateRight(a, 7) ^ BitOperations.RotateRight(a, 18) ^ (a >> 3))
                + (BitOperations.RotateRight(b, 17) ^ BitOperations.RotateRight(b, 19) ^ (b >> 10));
        }

        var (s0, s1, s2, s3, s4, s5, s6, s7) = (state[0], state[1], state[2], state[3], state[4], state[5], state[6], state[7]);
        var rounds = Rounds;
        for (var i = 0; i < 64; i++)
        {
            var one =
                s7
                + (BitOperations.RotateRight(s4, 6) ^ BitOperations.RotateRight(s4, 11) ^ BitOperations.RotateRight(s4, 25))
                + ((s4 & s5) ^ (~s4 & s6))
                + rounds[i]
                + words[i];
            var two =
                (BitOperations.RotateRight(s0, 2) ^ BitOperations.RotateRight(s0, 13) ^ BitOperations.RotateRight(s0, 22))
                + ((s0 & s1) ^ (s0 & s2) ^ (s1 & s2));
            (s7, s6, s5, s4, s3, s2, s1, s0) = (s6, s5, s4, s3 + one, s2, s1, s0, one + two);
        }

        state[0] += s0;
        state[1] += s1;
        state[2] += s2;
        state[3] += s3;
        state[4] += s4;
        state[5] += s5;
        state[6] += s6;
        state[7] += s7;
    }
}
