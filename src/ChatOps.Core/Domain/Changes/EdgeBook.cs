using System.Collections;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Core.Domain.Changes;

/// <summary>
/// The edge that each confirmed revision made, by number. Kept are the effects that led from one to the next, and now and then a whole
/// edge; what is asked for is made from them. All but the newest are put away in pages.
/// </summary>
public sealed class EdgeBook : IEnumerable<KeyValuePair<int, Edge>>
{
    private const int PageLength = 64;

    // A large edge is written whole less often.
    private const int LargeEdge = 8;

    private readonly ImmutableList<(int First, int Last, Packed<EdgePage> Page)> _pages;
    private readonly EdgePage _newest;
    private readonly ImmutableList<Effect> _since;

    private EdgeBook(
        ImmutableList<(int First, int Last, Packed<EdgePage> Page)> pages,
        EdgePage newest,
        ImmutableList<Effect> since,
        ImmutableArray<InterfaceAddress> networks
    ) => (_pages, _newest, _since, Networks) = (pages, newest, since, networks);

    /// <summary>No revision at all.</summary>
    public static EdgeBook None { get; } = new([], new(EdgeForm.Of(Edge.Empty), []), [], []);

    /// <summary>The empty edge, as revision 0.</summary>
    public static EdgeBook Initial { get; } = None.With(0, Edge.Empty);

    /// <summary>The WireGuard networks that any of them had, of both families.</summary>
    public ImmutableArray<InterfaceAddress> Networks { get; }

    /// <summary>The first revision with a gateway; 0 before there is one.</summary>
    public int First { get; private init; }

    /// <summary>The last revision with a gateway; 0 before there is one.</summary>
    public int Last { get; private init; }

    /// <summary>The edge of a revision.</summary>
    public Edge this[int revision] =>
        TryGetValue(revision, out var edge) ? edge : throw new KeyNotFoundException($"there is no revision {revision}");

    /// <summary>The edge of a revision, when it was confirmed.</summary>
    public bool TryGetValue(int revision, [MaybeNullWhen(false)] out Edge edge)
    {
        edge = Of(revision).Where(e => e.Key == revision).Select(e => e.Value).LastOrDefault();
        return edge is not null;
    }

    /// <summary>The edge of the last revision before another.</summary>
    public Edge Before(int revision) => Of(revision - 1).Last(e => e.Key < revision).Value;

    /// <summary>With an effect that has happened since the last revision.</summary>
    public EdgeBook With(Effect effect) => new(_pages, _newest, _since.Add(effect), Networks) { First = First, Last = Last };

    /// <summary>With a revision, which is higher than the last one or the same again.</summary>
    public EdgeBook With(int revision, Edge edge)
    {
        var networks = edge.Gateway is { } gateway ? gateway.Networks : [];
        var newest = _newest with { Steps = _newest.Steps.Add(new(revision, [.. _since], edge.Gateway)) };
        var (pages, isFull) = (
            _pages,
            newest.Steps.Length >= PageLength + ((edge.Exposures.Count + edge.Vms.Count + edge.Peers.Count) / LargeEdge)
        );
        if (isFull)
            (pages, newest) = (pages.Add((newest.Steps[0].Revision, revision, Packed<EdgePage>.Of(newest))), new(EdgeForm.Of(edge), []));
        return new(pages, newest, [], [.. Networks.Union(networks)])
        {
            First = First == 0 && edge.Gateway is not null ? revision : First,
            Last = edge.Gateway is not null ? revision : Last,
        };
    }

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<int, Edge>> GetEnumerator() =>
        _pages.SelectMany(p => p.Page.Open().Edges()).Concat(_newest.Edges()).GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal void Write(BinaryWriter to)
    {
        to.Write(First);
        to.Write(Last);
        to.Write(string.Join(' ', Networks));
        WholeState.Put(to, Packed<EdgePage>.Of(_newest).Bytes);
        WholeState.Put(to, Packed<Effect[]>.Of([.. _since]).Bytes);
        to.Write(_pages.Count);
        foreach (var (first, last, page) in _pages)
        {
            to.Write(first);
            to.Write(last);
            WholeState.Put(to, page.Bytes);
        }
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    internal static EdgeBook Read(BinaryReader from)
    {
        var (first, last) = (from.ReadInt32(), from.ReadInt32());
        var networks = from.ReadString()
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(Text.Parse<InterfaceAddress>)
            .ToImmutableArray();
        var newest = new Packed<EdgePage>(WholeState.Take(from)).Open();
        var since = new Packed<Effect[]>(WholeState.Take(from)).Open();
        var pages = ImmutableList.CreateBuilder<(int First, int Last, Packed<EdgePage> Page)>();
        for (var n = from.ReadInt32(); n > 0; n--)
            pages.Add((from.ReadInt32(), from.ReadInt32(), new(WholeState.Take(from))));
        return new(pages.ToImmutable(), newest, [.. since], networks) { First = first, Last = last };
    }

    // The page that a revision is in; where it is between two, the one before it.
    private IEnumerable<KeyValuePair<int, Edge>> Of(int revision)
    {
        if (_newest.Steps.Length > 0 && _newest.Steps[0].Revision <= revision)
            return _newest.Edges();
        return _pages.FindLastIndex(p => p.First <= revision) is >= 0 and var found ? _pages[found].Page.Open().Edges() : [];
    }
}

/// <summary>A whole edge, and what came of it revision by revision.</summary>
internal sealed record EdgePage(EdgeForm Start, ImmutableArray<EdgeStep> Steps)
{
    public IEnumerable<KeyValuePair<int, Edge>> Edges()
    {
        var edge = Start.Back();
        foreach (var step in Steps)
        {
            edge = edge.With(step.Effects) with { Gateway = step.Gateway };
            yield return KeyValuePair.Create(step.Revision, edge);
        }
    }
}

/// <param name="Gateway">The gateway at its end, with what was seen of it besides.</param>
internal sealed record EdgeStep(int Revision, ImmutableArray<Effect> Effects, Gateway? Gateway);
