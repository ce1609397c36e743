using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace ChatOps.Delivery.Ssh;

/// <summary>What is asked of an SSH agent over its socket: its keys, and signatures (draft-ietf-sshm-ssh-agent, section 3).</summary>
internal static class SshAgent
{
    private const byte RequestIdentities = 11;
    private const byte IdentitiesAnswer = 12;
    private const byte SignRequest = 13;
    private const byte SignResponse = 14;
    private const int LongestAnswer = 256 * 1024;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    /// <exception cref="InvalidOperationException">It does not answer.</exception>
    public static IReadOnlyList<(SshPublicKey Key, string Comment)> Keys(string socket)
    {
        var answer = Ask(socket, [RequestIdentities], IdentitiesAnswer);
        var keys = new List<(SshPublicKey, string)>();
        var at = 4;
        for (var count = BinaryPrimitives.ReadInt32BigEndian(answer); keys.Count < count; )
            keys.Add((SshPublicKey.Of(Take(answer, ref at).ToArray()), Encoding.UTF8.GetString(Take(answer, ref at))));
        return keys;
    }

    /// <exception cref="InvalidOperationException">It does not sign.</exception>
    public static byte[] Sign(string socket, byte[] key, byte[] data, int flags)
    {
        var request = new byte[1 + 4 + key.Length + 4 + data.Length + 4];
        request[0] = SignRequest;
        BinaryPrimitives.WriteInt32BigEndian(request.AsSpan(1), key.Length);
        key.CopyTo(request, 5);
        BinaryPrimitives.WriteInt32BigEndian(request.AsSpan(5 + key.Length), data.Length);
        data.CopyTo(request, 9 + key.Length);
        BinaryPrimitives.WriteInt32BigEndian(request.AsSpan(9 + key.Length + data.Length), flags);
        var at = 0;
        return Take(Ask(socket, request, SignResponse), ref at).ToArray();
    }

    private static ReadOnlySpan<byte> Take(byte[] answer, ref int at)
    {
        var length = at <= answer.Length - 4 ? BinaryPrimitives.ReadInt32BigEndian(answer.AsSpan(at)) : -1;
        if (length < 0 || length > answer.Length - at - 4)
            throw new InvalidOperationException("the SSH agent's answer is cut short");
        at += 4 + length;
        return answer.AsSpan(at - length, length);
    }

    // What comes after the answer's type.
    private static byte[] Ask(string path, byte[] request, byte expected)
    {
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
            {
                ReceiveTimeout = (int)Timeout.TotalMilliseconds,
                SendTimeout = (int)Timeout.TotalMilliseconds,
            };
            socket.Connect(new UnixDomainSocketEndPoint(path));
            using var stream = new NetworkStream(socket);
            var length = new byte[4];
            BinaryPrimitives.WriteInt32BigEndian(length, request.Length);
            stream.Write([.. length, .. request]);
            stream.ReadExactly(length);
            var size = BinaryPrimitives.ReadInt32BigEndian(length);
            if (size is <= 0 or > LongestAnswer)
                throw new InvalidOperationException($"the SSH agent {path} answered with {size} B");
            var answer = new byte[size];
            stream.ReadExactly(answer);
            return answer[0] == expected
                ? answer[1..]
                : throw new InvalidOperationException(
                    $"the SSH agent {path} refuses; is it locked (ssh-add -X), or does it want a confirmation?"
                );
        }
        catch (Exception e) when (e is SocketException or IOException or ArgumentException)
        {
            throw new InvalidOperationException($"the SSH agent {path} does not answer: {e.Message}. Next: ssh-add -l", e);
        }
    }
}
