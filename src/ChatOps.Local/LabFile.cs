using System.Collections.Immutable;
using ChatOps.Bot.Configuration;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Delivery.Ssh;
using ChatOps.Operations.Settings;

namespace ChatOps.Local;

/// <summary>What the lab says of itself in <c>lab.json</c>: its gateways and how to reach them.</summary>
/// <param name="Gateways">The gateways, as the log is to know them from the start.</param>
internal sealed record LabFile(ImmutableArray<Gateway> Gateways, GatewayAccess Access)
{
    /// <summary>Reads the file; throws <see cref="ConfigurationException"/>.</summary>
    public static LabFile Load(string path)
    {
        var gateways = KnownGateways.OfLab(path);
        try
        {
            return new(gateways, LabAccess.Load(path));
        }
        catch (InvalidDataException e)
        {
            throw new ConfigurationException(e.Message, e);
        }
    }
}
