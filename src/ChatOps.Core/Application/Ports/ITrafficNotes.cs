using ChatOps.Core.Application.Statistics;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Core.Application.Ports;

/// <summary>
/// Keeps over a restart when packets last passed the public ports of gateways. It never throws: what cannot be kept is counted anew.
/// </summary>
public interface ITrafficNotes : IDisposable
{
    /// <summary>What was kept of a gateway; null for nothing that can be read.</summary>
    LastTraffic? Find(Name<Gateway> gateway);

    /// <summary>Keeps what is known of a gateway, in place of what was.</summary>
    void Put(Name<Gateway> gateway, LastTraffic traffic);
}
