using System.Collections.Immutable;
using ChatOps.Core.Domain.Authority;
using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Specs.Changes;

/// <summary>What has long ended is put away, and is the same when somebody looks at it again.</summary>
public sealed class PastSpecs
{
    private const int Many = 1_000;
    private const int Some = 300;

    private static readonly Actor Ann = new("local", "ann", "Ann");

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_long_past_reads_as_if_all_of_it_were_at_hand(int seed)
    {
        var random = new Random(seed);
        var (book, plain) = (ChangeBook.Empty, new Dictionary<int, Change>());
        for (var i = 0; i < 6 * Many; i++)
        {
            // A few stay open for long, and now and then something is said of one that has long ended.
            var number =
                random.Next(6) == 0 || plain.Count == 0
                    ? plain.Count + 1
                    : random.Next(Math.Max(1, plain.Count - random.Next(300)), plain.Count + 1);
            var before = plain.GetValueOrDefault(number) ?? Proposed(number);
            var change = plain[number] =
                before.Status is ChangeStatus.Proposed
                    ? before with
                    {
                        Status = Status(random, number),
                    }
                    : before with
                    {
                        IsTightened = random.Next(50) == 0,
                    };
            book = book.With(change, c => c.Number % 97 == 0);
        }

        Assert.Equal(plain.Count, book.Count);
        Assert.Equal(plain.Count, book.Last);
        Assert.Equal(plain.Values.OrderBy(c => c.Number).Select(Written), book.Values.Select(Written));
        Assert.Equal(plain.Values.OrderByDescending(c => c.Number).Select(Written), book.NewestFirst().Select(Written));
        Assert.Equal(plain.Values.Where(c => c.IsOpen).Select(c => c.Number).Order(), book.Open.Select(c => c.Number).Order());
        Assert.Equal(
            plain
                .Values.Where(c => c.Status is ChangeStatus.Applied)
                .Select(c => (c.Number, ((ChangeStatus.Applied)c.Status).At))
                .OrderBy(a => a.Number),
            book.Applied().OrderBy(a => a.Number)
        );
        Assert.False(book.ContainsKey(0) || book.ContainsKey(plain.Count + 1));
    }

    [Fact]
    public void Who_is_forgotten_is_not_in_what_was_put_away()
    {
        var book = Enumerable
            .Range(1, Many)
            .Aggregate(ChangeBook.Empty, (b, n) => b.With(Proposed(n) with { Status = new ChangeStatus.Withdrawn(Time) }, _ => false));
        var after = book.Without(new PersonForgotten("local", "ann", []));
        Assert.Equal(Many, after.Count);
        Assert.DoesNotContain(after.Values, c =>
            Written(c).Contains("Ann", StringComparison.Ordinal) || Written(c).Contains("because", StringComparison.Ordinal)
        );
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Each_revision_is_the_edge_that_ran(int seed)
    {
        var random = new Random(seed);
        var (book, edge, edges) = (EdgeBook.Initial, Edge.Empty, new List<(int Revision, Edge Edge)> { (0, Edge.Empty) });
        Happens(new GatewayAdded(0, Given.Gateway()));
        Happens(new VmAdded(0, Text.Parse<Name<Vm>>("vm2"), [Text.Parse<Address>("10.1.0.2")]));
        for (var revision = 1; revision < Some; revision++)
        {
            for (var n = random.Next(3); n >= 0; n--)
                Happens(Effect(random, revision));
            if (random.Next(5) == 0)
                edge = edge with
                {
                    Gateway = edge.Gateway! with { Overlay = Text.Parse<Address>(FormattableString.Invariant($"400::{revision:x}")) },
                };
            if (random.Next(4) == 0)
                continue;
            book = book.With(revision, edge);
            edges.Add((revision, edge));
        }

        foreach (var ((revision, expected), i) in edges.Select((e, i) => (e, i)))
        {
            Assert.Equal(Written(expected), Written(book[revision]));
            if (i > 0)
                Assert.Equal(Written(edges[i - 1].Edge), Written(book.Before(revision)));
        }

        Assert.Equal(edges.Select(e => e.Revision), book.Select(e => e.Key));
        Assert.Equal((edges[1].Revision, edges[^1].Revision), (book.First, book.Last));
        Assert.False(book.TryGetValue(Some, out _));
        Assert.Equal(Given.Gateway().WireGuard.ToString(), Assert.Single(book.Networks).ToString());

        void Happens(Effect effect) => (edge, book) = (edge.With(effect), book.With(effect));
    }

    private static DateTimeOffset Time { get; } = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static string Written(Change change) => CanonicalOf(ChangeForm.Of(change));

    private static string Written(Edge edge) => CanonicalOf(EdgeForm.Of(edge));

    private static string CanonicalOf<T>(T form) => System.Text.Json.JsonSerializer.Serialize(form, EventJson.Options);

    private static Change Proposed(int number) =>
        new(
            number,
            $"unexpose {number}",
            "because",
            [new ExposureClosed(number, new PublicPort(Protocol.Tcp, new(number)))],
            "hash",
            new Approvals(1, "approver"),
            Ann,
            Time.AddSeconds(number),
            "m1",
            [new(Ann, [Role.Operator])],
            new ChangeStatus.Proposed()
        );

    private static ChangeStatus Status(Random random, int number) =>
        random.Next(9) switch
        {
            0 => new ChangeStatus.Proposed(),
            1 => new ChangeStatus.Denied(Ann, "no", Time),
            2 => new ChangeStatus.Withdrawn(Time),
            3 => new ChangeStatus.Expired(Time),
            4 => new ChangeStatus.Failed(new(number, new(number), "switching", "it broke", new(number - 1)), Time),
            _ => new ChangeStatus.Applied(
                new(number, new(number), "hash", ImmutableSortedDictionary<string, int>.Empty.Add("total", 74), []),
                Time.AddHours(number)
            ),
        };

    private static Effect Effect(Random random, int revision)
    {
        PublicEndpoint port = new PublicPort(Protocol.Tcp, new(443 + random.Next(40)));
        return random.Next(4) switch
        {
            0 => new ExposureClosed(revision, port),
            1 => new ExposureExtended(revision, port, Time.AddMinutes(revision)),
            _ => new ExposureOpened(revision, port, [Text.Parse<VmEndpoint>("vm2:8080")]),
        };
    }
}
