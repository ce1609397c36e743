using ChatOps.Core.Changes;

namespace ChatOps.Bot.Web.Api;

/// <summary>Changes from the newest back, for who needs but a page of many: numbers follow the order of proposals.</summary>
internal static class NewestFirst
{
    /// <summary>The changes of a gateway.</summary>
    public static IEnumerable<Change> Of(GatewayState state)
    {
        for (var number = state.Changes.Count; number > 0; number--)
        {
            if (state.Changes.TryGetValue(number, out var change))
                yield return change;
        }
    }
}
