using System.Collections.Immutable;

namespace ChatOps.Core.Domain.Gateways;

/// <summary>A VM or a peer was given another name.</summary>
/// <param name="From">What it was called.</param>
/// <param name="To">What it was called from then on.</param>
/// <param name="IsPeer">True for a peer: a VM and a peer may have one name, and each keeps it or gives it up for itself.</param>
public sealed record Rename(string From, string To, bool IsPeer);

/// <summary>
/// Who was called something else before, on one gateway: so that a story is found under all the names of whom it is about.
/// </summary>
/// <param name="All">All renames, the oldest first.</param>
public sealed record Renames(ImmutableArray<Rename> All)
{
    /// <summary>No renames.</summary>
    public static Renames None { get; } = new([]);

    /// <summary>With one more, when the effect is one.</summary>
    public Renames With(Effect effect) =>
        effect switch
        {
            VmRenamed e => new(All.Add(new($"{e.Vm}", $"{e.To}", IsPeer: false))),
            PeerRenamed e => new(All.Add(new($"{e.Peer}", $"{e.To}", IsPeer: true))),
            _ => this,
        };

    /// <summary>How often a name was given up for another one, by whomever.</summary>
    public int Given(string name) => GivenBefore(name, All.Length);

    /// <summary>What the last who gave a name up is called now; null when nobody has.</summary>
    /// <param name="isPeer">True for a peer's.</param>
    public string? NameNow(string name, bool isPeer)
    {
        string? now = null;
        foreach (var rename in All.Where(r => r.IsPeer == isPeer))
        {
            if (rename.From == name || rename.From == now)
                now = rename.To;
        }

        return now;
    }

    /// <summary>
    /// What everybody who ever got a name was called before, with how often that had been given up by then (<see cref="Given"/>): a name
    /// that somebody else got later is not theirs.
    /// </summary>
    public IEnumerable<(string Name, int Given)> Before(string name) =>
        All.Select((r, i) => (Rename: r, Index: i)).Where(r => r.Rename.To == name).SelectMany(r => Before(r.Rename, r.Index));

    private IEnumerable<(string Name, int Given)> Before(Rename rename, int index)
    {
        // Theirs since the last of their kind gave it up. The other kind may have given it up in between.
        var since = LastBefore(index, r => r.From == rename.From && r.IsPeer == rename.IsPeer) + 1;
        for (var given = GivenBefore(rename.From, since); given <= GivenBefore(rename.From, index); given++)
            yield return (rename.From, given);
        var got = LastBefore(index, r => r.To == rename.From && r.IsPeer == rename.IsPeer);
        if (got < since)
            yield break;
        foreach (var earlier in Before(All[got], got))
            yield return earlier;
    }

    private int LastBefore(int index, Predicate<Rename> isMeant)
    {
        while (--index >= 0 && !isMeant(All[index])) { }

        return index;
    }

    private int GivenBefore(string name, int index) => All.Take(index).Count(r => r.From == name);
}
