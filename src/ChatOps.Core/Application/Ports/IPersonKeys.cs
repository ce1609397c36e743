using System.Collections.Immutable;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Core.Application.Ports;

/// <summary>
/// The keys under which people's names and reasons are sealed, one a person, apart from the log: what is destroyed here can be read nowhere
/// again. Copies of this store undo that, so it is kept out of backups that live longer than a request to be forgotten may wait.
/// </summary>
public interface IPersonKeys
{
    /// <summary>The key of a person; made when there is none. The name is kept beside it, for <see cref="KnownAsync"/>.</summary>
    ValueTask<PersonKey> OfAsync(Actor person, CancellationToken cancel);

    /// <summary>The key with an id; null when it was destroyed, or was never here.</summary>
    ValueTask<PersonKey?> FindAsync(string id, CancellationToken cancel);

    /// <summary>The people who have keys.</summary>
    Task<ImmutableArray<KnownPerson>> KnownAsync(CancellationToken cancel);

    /// <summary>Destroys keys for ever; those that are not there are no matter.</summary>
    Task DestroyAsync(IReadOnlyCollection<string> ids, CancellationToken cancel);
}

/// <summary>A person who has a key.</summary>
/// <param name="Person">Who, under the last name.</param>
/// <param name="Key">The id of the key.</param>
public sealed record KnownPerson(Actor Person, string Key);
