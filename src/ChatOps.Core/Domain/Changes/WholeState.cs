using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Core.Domain.Changes;

/// <summary>A gateway's state with all of its past, as bytes. What was put away is not unpacked for it.</summary>
public static class WholeState
{
    /// <summary>Writes a state.</summary>
    public static void Write(BinaryWriter to, GatewayState state)
    {
        to.Write(state.Name.ToString());
        to.Write(state.Version);
        Put(to, Packed<StateForm>.Of(StateForm.Of(state)).Bytes);
        state.Changes.Write(to);
        state.Revisions.Write(to);
    }

    /// <summary>Reads a state that <see cref="Write"/> wrote.</summary>
    public static GatewayState Read(BinaryReader from)
    {
        var (name, version) = (Text.Parse<Name<Gateway>>(from.ReadString()), from.ReadInt64());
        var state = new Packed<StateForm>(Take(from)).Open().Back(name, version);
        var changes = ChangeBook.Read(from);
        return state with { Changes = changes, Revisions = EdgeBook.Read(from) };
    }

    internal static void Put(BinaryWriter to, ReadOnlyMemory<byte> bytes)
    {
        to.Write(bytes.Length);
        to.Write(bytes.Span);
    }

    internal static byte[] Take(BinaryReader from)
    {
        var bytes = new byte[from.ReadInt32()];
        from.BaseStream.ReadExactly(bytes);
        return bytes;
    }
}
