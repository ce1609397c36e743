using ChatOps.Core.Domain.Values;

namespace ChatOps.Core.Application.Ports;

/// <summary>
/// The key of what is kept for the next start. It lies with the keys of people, and destroying any of them destroys it too.
/// </summary>
public interface IStartKeys
{
    /// <summary>The key; null when there is none, as after somebody was forgotten.</summary>
    ValueTask<PersonKey?> FindStartKeyAsync(CancellationToken cancel);

    /// <summary>The key; made when there is none.</summary>
    ValueTask<PersonKey> StartKeyAsync(CancellationToken cancel);
}
