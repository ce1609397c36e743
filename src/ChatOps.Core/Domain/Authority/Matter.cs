using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Core.Domain.Authority;

/// <summary>
/// The least thing that policy decides about: a command, as far as it concerns one port, one VM and one network. A command or an effect is
/// one matter or many.
/// </summary>
/// <param name="Command">The name of the command that asks for it.</param>
/// <param name="Port">The public port; null where there is none.</param>
public sealed record Matter(string Command, PublicPort? Port = null)
{
    /// <summary>The VM; null where there is none.</summary>
    public Name<Vm>? Vm { get; init; }

    /// <summary>The gateway; null for a question.</summary>
    public Name<Gateway>? Gateway { get; init; }

    /// <summary>The network that an exposure is for; null for everybody.</summary>
    public Network? From { get; init; }

    /// <summary>How long an exposure stays open; null for ever.</summary>
    public TimeSpan? Stays { get; init; }
}
