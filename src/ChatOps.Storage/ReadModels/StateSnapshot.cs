using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Storage.ReadModels;

/// <summary>
/// A gateway's state, without what is past, as bytes, with values in the forms in which the log stores them. Only this program reads it,
/// and only from a file with its own schema.
/// </summary>
internal static class StateSnapshot
{
    /// <summary>The bytes.</summary>
    public static byte[] Write(GatewayState state) => Packed<StateForm>.Of(StateForm.Of(state)).Bytes.ToArray();

    /// <summary>The state again.</summary>
    public static GatewayState Read(Name<Gateway> name, long version, byte[] bytes) =>
        new Packed<StateForm>(bytes).Open().Back(name, version);
}
