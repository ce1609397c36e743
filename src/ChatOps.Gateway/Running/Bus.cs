using System.Buffers.Binary;
using System.Text;

namespace ChatOps.Gateway.Running;

/// <summary>
/// The arguments of a call over D-Bus, little-endian as the specification has them: each value at a multiple of its own size.
/// </summary>
internal sealed class BusWriter
{
    private readonly List<byte> _bytes = [];

    public int Length => _bytes.Count;

    public byte[] ToArray() => [.. _bytes];

    public BusWriter Align(int size)
    {
        while (_bytes.Count % size != 0)
            _bytes.Add(0);
        return this;
    }

    public BusWriter Byte(byte value)
    {
        _bytes.Add(value);
        return this;
    }

    public BusWriter Flag(bool value) => Number(value ? 1u : 0);

    public BusWriter Number(uint value)
    {
        Align(4);
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        _bytes.AddRange(bytes);
        return this;
    }

    public BusWriter Number(ulong value)
    {
        Align(8);
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        _bytes.AddRange(bytes);
        return this;
    }

    public BusWriter Text(string value)
    {
        var bytes = Encoding.UTF8.GetBytes(value);
        Number((uint)bytes.Length);
        _bytes.AddRange(bytes);
        _bytes.Add(0);
        return this;
    }

    public BusWriter Signature(string value)
    {
        _bytes.Add((byte)value.Length);
        _bytes.AddRange(Encoding.ASCII.GetBytes(value));
        _bytes.Add(0);
        return this;
    }

    /// <summary>An array, whose elements begin at multiples of <paramref name="alignment"/>.</summary>
    public BusWriter Array(int alignment, Action<BusWriter> elements)
    {
        Number(0u);
        var place = _bytes.Count - 4;
        Align(alignment);
        var start = _bytes.Count;
        elements(this);
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(length, (uint)(_bytes.Count - start));
        for (var i = 0; i < 4; i++)
            _bytes[place + i] = length[i];
        return this;
    }

    public BusWriter Property(string name, string signature, Action<BusWriter> value)
    {
        Align(8).Text(name).Signature(signature);
        value(this);
        return this;
    }
}

/// <summary>
/// The service manager's own socket, which only root may use and which needs no bus to be there: calls by D-Bus, one after the other.
/// </summary>
internal sealed class Bus : IDisposable
{
    private const string Place = "/run/systemd/private";
    private const byte MethodCall = 1;
    private const byte Answer = 2;
    private const byte Error = 3;

    private const int PatienceMilliseconds = 5_000;

    private readonly Wire _wire;
    private readonly Dictionary<uint, (byte Type, byte[] Body)> _answers = [];
    private byte[] _came = [];
    private uint _serial;

    /// <summary>
    /// A connection to systemd. While that reads its units again it hangs up; nothing was asked by then, so it is tried again.
    /// </summary>
    /// <exception cref="IOException">It is not there.</exception>
    public Bus()
    {
        for (var until = Environment.TickCount64 + PatienceMilliseconds; ; Thread.Sleep(20))
        {
            if (Greeted() is { } wire)
            {
                _wire = wire;
                return;
            }

            if (Environment.TickCount64 > until)
                throw new IOException("the service manager does not take root for root");
        }
    }

    // Null when it hangs up.
    private static Wire? Greeted()
    {
        var wire = Wire.To(Place);
        var isGreeted = false;
        try
        {
            // "30" is the user 0, as text in hexadecimal.
            wire.Send("\0AUTH EXTERNAL 30\r\nBEGIN\r\n"u8);
            var said = new byte[256];
            for (int length = 0, count; (count = wire.Receive(said.AsSpan(length))) > 0; )
            {
                length += count;
                if (length == said.Length)
                    return null;
                if (said.AsSpan(0, length).EndsWith("\r\n"u8))
                {
                    isGreeted = true;
                    return wire;
                }
            }

            return null;
        }
        finally
        {
            if (!isGreeted)
                wire.Dispose();
        }
    }

    /// <exception cref="BusException">The service manager refuses.</exception>
    public byte[] Call(string path, string face, string method, string signature = "", Action<BusWriter>? arguments = null) =>
        Wait(Send(path, face, method, signature, arguments));

    /// <summary>Sends a call, whose answer may be waited for later.</summary>
    public uint Send(string path, string face, string method, string signature = "", Action<BusWriter>? arguments = null)
    {
        var body = new BusWriter();
        arguments?.Invoke(body);
        var message = new BusWriter()
            .Byte((byte)'l')
            .Byte(MethodCall)
            .Byte(0)
            .Byte(1)
            .Number((uint)body.Length)
            .Number(++_serial)
            .Array(8, fields =>
            {
                fields.Align(8).Byte(1).Signature("o").Text(path);
                fields.Align(8).Byte(2).Signature("s").Text(face);
                fields.Align(8).Byte(3).Signature("s").Text(method);
                fields.Align(8).Byte(6).Signature("s").Text("org.freedesktop.systemd1");
                if (signature.Length > 0)
                    fields.Align(8).Byte(8).Signature("g").Signature(signature);
            })
            .Align(8);
        _wire.Send([.. message.ToArray(), .. body.ToArray()]);
        return _serial;
    }

    /// <summary>The body of the answer to a call that was sent.</summary>
    /// <exception cref="BusException">The service manager refuses.</exception>
    public byte[] Wait(uint serial)
    {
        (byte Type, byte[] Body) answer;
        while (!_answers.Remove(serial, out answer))
        {
            var (type, answersTo, body) = Next();
            if (type is Answer or Error)
                _answers[answersTo] = (type, body);
        }

        return answer.Type == Answer
            ? answer.Body
            : throw new BusException(answer.Body.Length > 4 ? TextAt(answer.Body, 0) : "the service manager refuses");
    }

    /// <summary>The text that begins at a multiple of four in the body of an answer.</summary>
    public static string TextAt(byte[] body, int at) =>
        Encoding.UTF8.GetString(body, at + 4, (int)BinaryPrimitives.ReadUInt32LittleEndian(body.AsSpan(at)));

    public void Dispose() => _wire.Dispose();

    // Type, the serial that it answers (0: none, a signal), body.
    private (byte Type, uint AnswersTo, byte[] Body) Next()
    {
        while (true)
        {
            if (_came.Length >= 16)
            {
                if (_came[0] != (byte)'l')
                    throw new IOException("the service manager does not speak as this machine does");
                var bodyLength = (int)BinaryPrimitives.ReadUInt32LittleEndian(_came.AsSpan(4));
                var fieldsEnd = 16 + (int)BinaryPrimitives.ReadUInt32LittleEndian(_came.AsSpan(12));
                var bodyStart = (fieldsEnd + 7) & ~7;
                if (_came.Length >= bodyStart + bodyLength)
                {
                    var message = (_came[1], AnswersTo(_came.AsSpan(16, fieldsEnd - 16)), _came[bodyStart..(bodyStart + bodyLength)]);
                    _came = _came[(bodyStart + bodyLength)..];
                    return message;
                }
            }

            var buffer = new byte[4096];
            var count = _wire.Receive(buffer, 90_000);
            if (count == 0)
                throw new IOException("the service manager hung up");
            _came = [.. _came, .. buffer.AsSpan(0, count)];
        }
    }

    // Each field is a byte and a variant; all that are sent are texts, signatures and numbers.
    private static uint AnswersTo(ReadOnlySpan<byte> fields)
    {
        for (var at = 0; at + 4 < fields.Length; )
        {
            at = (at + 7) & ~7;
            var (code, type) = (fields[at], fields[at + 2]);
            at += 4;
            if (type == (byte)'g')
            {
                at += fields[at] + 2;
                continue;
            }

            at = (at + 3) & ~3;
            var value = BinaryPrimitives.ReadUInt32LittleEndian(fields[at..]);
            if (code == 5)
                return value;
            at += type == (byte)'u' ? 4 : 4 + (int)value + 1;
        }

        return 0;
    }
}

/// <summary>What the service manager has against a call.</summary>
internal sealed class BusException(string message) : IOException(message);
