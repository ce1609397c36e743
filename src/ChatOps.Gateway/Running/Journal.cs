using System.Buffers.Binary;
using System.Text;

namespace ChatOps.Gateway.Running;

/// <summary>The machine's journal. A line that cannot be written, in a chroot or early at boot, is left out: nobody waits for it.</summary>
internal static class Journal
{
    private const string Place = "/run/systemd/journal/socket";

    /// <summary>Writes a line under the name <c>chatops</c>.</summary>
    public static void Say(string line)
    {
        // systemd.journal-fields(7); a text of several lines goes with its length.
        var text = Encoding.UTF8.GetBytes(line.Length > 4000 ? line[..4000] : line);
        var head = "SYSLOG_IDENTIFIER=chatops\nPRIORITY=5\nMESSAGE\n"u8;
        var message = new byte[head.Length + 8 + text.Length + 1];
        head.CopyTo(message);
        BinaryPrimitives.WriteUInt64LittleEndian(message.AsSpan(head.Length), (ulong)text.Length);
        text.CopyTo(message, head.Length + 8);
        message[^1] = (byte)'\n';
        try
        {
            using var wire = Wire.To(Place, Libc.Datagram);
            wire.Send(message, Libc.DontWait);
        }
        catch (IOException)
        {
            // See above.
        }
    }
}
