using System.Collections.Immutable;

namespace ChatOps.Core.Domain.Authority;

/// <summary>
/// Who fills which place. Nobody fills two; people are moved about so that as many places are filled as can be, whoever came first (a
/// maximum matching, by augmenting paths).
/// </summary>
internal static class Quorum
{
    /// <param name="people">The roles of each person who consents; each person once.</param>
    public static Approvals Open(Approvals needs, IEnumerable<ImmutableArray<Role>> people)
    {
        Role[] places = [.. needs.Places];
        ImmutableArray<Role>[] there = [.. people];
        var filledBy = Enumerable.Repeat(-1, places.Length).ToArray();
        for (var person = 0; person < there.Length; person++)
            Seat(person, new bool[places.Length]);
        return Approvals.Of(places.Where((_, i) => filledBy[i] < 0));

        bool Seat(int person, bool[] tried)
        {
            for (var place = 0; place < places.Length; place++)
            {
                if (tried[place] || !there[person].Include(places[place]))
                    continue;
                tried[place] = true;
                if (filledBy[place] < 0 || Seat(filledBy[place], tried))
                {
                    filledBy[place] = person;
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>The fewest places with which each of these is filled: what the strictest of them asks for, role by role.</summary>
    public static Approvals Strictest(IEnumerable<Approvals> all)
    {
        Approvals[] asked = [.. all];
        var places = asked
            .SelectMany(a => a.Places.GroupBy(p => p).Select(g => (Role: g.Key, Count: g.Count())))
            .GroupBy(p => p.Role)
            .SelectMany(g => Enumerable.Repeat(g.Key, g.Max(p => p.Count)))
            .Order()
            .ToList();

        // An admin's place is one for every role: what it is enough for needs no place of its own.
        foreach (var place in places.ToList())
        {
            List<Role> without = [.. places];
            without.Remove(place);
            if (asked.All(a => IsFilledBy(a, without)))
                places = without;
        }

        return Approvals.Of(places);
    }

    /// <summary>True when whoever fills these places also fills the others.</summary>
    public static bool Implies(this Approvals stricter, Approvals other) => IsFilledBy(other, stricter.Places);

    private static bool IsFilledBy(Approvals needs, IEnumerable<Role> places) =>
        Open(needs, places.Select(p => ImmutableArray.Create(p))).Total == 0;
}
