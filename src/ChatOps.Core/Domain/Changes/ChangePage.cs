using System.Collections.Immutable;

namespace ChatOps.Core.Domain.Changes;

/// <summary>Changes with neighbouring numbers that have all ended, put away.</summary>
internal sealed class ChangePage
{
    private readonly Packed<ChangeForm[]> _packed;

    private ChangePage(Packed<ChangeForm[]> packed, ImmutableArray<DateTimeOffset?> applied) => (_packed, Applied) = (packed, applied);

    /// <summary>When each was applied; null for one that was not.</summary>
    public ImmutableArray<DateTimeOffset?> Applied { get; }

    /// <summary>Puts changes away, in the order of their numbers.</summary>
    public static ChangePage Of(IReadOnlyCollection<Change> changes) =>
        new(Packed<ChangeForm[]>.Of([.. changes.Select(ChangeForm.Of)]), [.. changes.Select(c => (c.Status as ChangeStatus.Applied)?.At)]);

    public void Write(BinaryWriter to)
    {
        WholeState.Put(to, _packed.Bytes);
        to.Write(Applied.Length);
        foreach (var at in Applied)
            to.Write(at?.UtcTicks ?? 0);
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static ChangePage Read(BinaryReader from)
    {
        var packed = new Packed<ChangeForm[]>(WholeState.Take(from));
        var applied = new DateTimeOffset?[from.ReadInt32()];
        for (var i = 0; i < applied.Length; i++)
            applied[i] = from.ReadInt64() is var ticks and not 0 ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;
        return new(packed, [.. applied]);
    }

    /// <summary>The change in a place, from 0.</summary>
    public Change At(int place) => _packed.Open()[place].Back();

    public IEnumerable<Change> All() => _packed.Open().Select(f => f.Back());
}
