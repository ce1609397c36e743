using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Core.Application.Ports;

/// <summary>The steps of an apply, in their order.</summary>
public enum ApplyStep
{
    /// <summary>Making the files.</summary>
    Rendering = 1,

    /// <summary>The gateway checks the files.</summary>
    Validating,

    /// <summary>The gateway switches to them.</summary>
    Switching,

    /// <summary>A new connection is tried.</summary>
    Verifying,

    /// <summary>The revision stays.</summary>
    Confirmed,
}

/// <summary>Where an apply is, for people who wait. Not part of the log: losing it loses nothing.</summary>
public interface IApplyProgress
{
    /// <summary>The change has come to this step.</summary>
    void Report(Name<Gateway> gateway, int change, ApplyStep step);
}
