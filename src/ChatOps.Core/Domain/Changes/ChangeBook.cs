using System.Collections;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace ChatOps.Core.Domain.Changes;

/// <summary>
/// All changes of a gateway by number. Those that are open, the newest, and those that opened what is still open are at hand; the others
/// are put away in pages, so that a long past takes little room. Looking at one of those costs the unpacking of its page.
/// </summary>
public sealed class ChangeBook : IEnumerable<KeyValuePair<int, Change>>
{
    private const int PageLength = 64;

    private readonly ImmutableDictionary<int, Change> _atHand;
    private readonly ImmutableDictionary<int, ChangePage> _pages;

    private ChangeBook(ImmutableDictionary<int, Change> atHand, ImmutableDictionary<int, ChangePage> pages, int count, int last) =>
        (_atHand, _pages, Count, Last) = (atHand, pages, count, last);

    /// <summary>A book without changes.</summary>
    public static ChangeBook Empty { get; } = new(ImmutableDictionary<int, Change>.Empty, ImmutableDictionary<int, ChangePage>.Empty, 0, 0);

    /// <summary>The number of changes in the book.</summary>
    public int Count { get; }

    /// <summary>The highest number; 0 when there is none.</summary>
    public int Last { get; }

    /// <summary>Those that have not ended, in no order.</summary>
    public IEnumerable<Change> Open => _atHand.Values.Where(c => c.IsOpen);

    /// <summary>All numbers, in order.</summary>
    public IEnumerable<int> Keys =>
        _pages.Keys.SelectMany(NumbersOf).Concat(_atHand.Keys.Where(n => !_pages.ContainsKey(PageOf(n)))).Order();

    /// <summary>All changes, in the order of their numbers.</summary>
    public IEnumerable<Change> Values => Keys.Select(n => this[n]);

    /// <summary>The change with a number, which there must be.</summary>
    public Change this[int key] => TryGetValue(key, out var change) ? change : throw new KeyNotFoundException($"there is no change #{key}");

    /// <summary>A book of changes that are all at hand.</summary>
    public static ChangeBook Of(IEnumerable<Change> changes) => changes.Aggregate(Empty, (book, change) => book.With(change, _ => true));

    /// <summary>The changes from the highest number down; numbers follow the order of proposals.</summary>
    /// <param name="from">The lowest number to look at.</param>
    public IEnumerable<Change> NewestFirst(int from = 1)
    {
        for (var number = Last; number >= from; number--)
        {
            if (TryGetValue(number, out var change))
                yield return change;
        }
    }

    /// <summary>The numbers of those that were applied, and when; nothing is unpacked for it. In no order.</summary>
    public IEnumerable<(int Number, DateTimeOffset At)> Applied()
    {
        foreach (var (page, content) in _pages)
        {
            foreach (var number in NumbersOf(page))
            {
                if (content.Applied[PlaceOf(number)] is { } at)
                    yield return (number, at);
            }
        }

        foreach (var (number, change) in _atHand)
        {
            if (!_pages.ContainsKey(PageOf(number)) && change.Status is ChangeStatus.Applied { At: var at })
                yield return (number, at);
        }
    }

    /// <summary>True when there is a change with this number.</summary>
    public bool ContainsKey(int key) => _atHand.ContainsKey(key) || (key > 0 && _pages.ContainsKey(PageOf(key)));

    /// <summary>The change with a number; null when there is none.</summary>
    public Change? GetValueOrDefault(int key) => TryGetValue(key, out var change) ? change : null;

    /// <summary>The change with a number, when there is one.</summary>
    public bool TryGetValue(int key, [MaybeNullWhen(false)] out Change value)
    {
        if (_atHand.TryGetValue(key, out value))
            return true;
        if (key <= 0 || !_pages.TryGetValue(PageOf(key), out var page))
            return false;
        value = page.At(PlaceOf(key));
        return true;
    }

    /// <summary>With a change as it is now.</summary>
    /// <param name="staysAtHand">True for one that has ended and is still about something.</param>
    public ChangeBook With(Change change, Predicate<Change> staysAtHand)
    {
        var (number, page) = (change.Number, PageOf(change.Number));
        if (_pages.TryGetValue(page, out var content))
        {
            // What is said of a change after its end is rare enough to write its page anew.
            var all = content.All().Select(c => c.Number == number ? change : c).ToList();
            return new(
                _atHand.ContainsKey(number) ? _atHand.SetItem(number, change) : _atHand,
                _pages.SetItem(page, ChangePage.Of(all)),
                Count,
                Last
            );
        }

        var isNew = !_atHand.ContainsKey(number);
        var book = new ChangeBook(_atHand.SetItem(number, change), _pages, isNew ? Count + 1 : Count, Math.Max(Last, number));
        if (!change.IsOpen)
            book = book.PutAway(page, staysAtHand);
        return isNew && number % PageLength == 0 ? book.PutAway(page - 1, staysAtHand) : book;
    }

    /// <summary>Without one at hand that is about nothing any more and has been put away.</summary>
    public ChangeBook Released(int number) =>
        _atHand.ContainsKey(number) && _pages.ContainsKey(PageOf(number)) ? new(_atHand.Remove(number), _pages, Count, Last) : this;

    /// <summary>Only those that are open.</summary>
    public ChangeBook WithoutPast() => Of(Open);

    /// <summary>Without the name and the reasons of a person.</summary>
    public ChangeBook Without(PersonForgotten person) =>
        new(
            _atHand.ToImmutableDictionary(c => c.Key, c => c.Value.Without(person)),
            _pages.ToImmutableDictionary(p => p.Key, p => ChangePage.Of([.. p.Value.All().Select(c => c.Without(person))])),
            Count,
            Last
        );

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<int, Change>> GetEnumerator() => Keys.Select(n => KeyValuePair.Create(n, this[n])).GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal void Write(BinaryWriter to)
    {
        to.Write(Count);
        to.Write(Last);
        WholeState.Put(to, Packed<ChangeForm[]>.Of([.. _atHand.Values.OrderBy(c => c.Number).Select(ChangeForm.Of)]).Bytes);
        to.Write(_pages.Count);
        foreach (var (page, content) in _pages.OrderBy(p => p.Key))
        {
            to.Write(page);
            content.Write(to);
        }
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    internal static ChangeBook Read(BinaryReader from)
    {
        var (count, last) = (from.ReadInt32(), from.ReadInt32());
        var atHand = new Packed<ChangeForm[]>(WholeState.Take(from)).Open().Select(f => f.Back()).ToImmutableDictionary(c => c.Number);
        var pages = ImmutableDictionary.CreateBuilder<int, ChangePage>();
        for (var n = from.ReadInt32(); n > 0; n--)
            pages.Add(from.ReadInt32(), ChangePage.Read(from));
        return new(atHand, pages.ToImmutable(), count, last);
    }

    // Once the next page is full of numbers too, so that the newest changes are at hand.
    private ChangeBook PutAway(int page, Predicate<Change> staysAtHand)
    {
        if (page < 0 || Last < (page + 2) * PageLength)
            return this;
        var all = new List<Change>(PageLength);
        foreach (var number in NumbersOf(page))
        {
            if (!_atHand.TryGetValue(number, out var change) || change.IsOpen)
                return this;
            all.Add(change);
        }

        return new(
            _atHand.RemoveRange(all.Where(c => !staysAtHand(c)).Select(c => c.Number)),
            _pages.Add(page, ChangePage.Of(all)),
            Count,
            Last
        );
    }

    private static int PageOf(int number) => (number - 1) / PageLength;

    private static int PlaceOf(int number) => (number - 1) % PageLength;

    private static IEnumerable<int> NumbersOf(int page) => Enumerable.Range((page * PageLength) + 1, PageLength);
}
