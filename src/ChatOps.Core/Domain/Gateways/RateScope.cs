namespace ChatOps.Core.Domain.Gateways;

/// <summary>Who has a rate.</summary>
public enum RateScope
{
    /// <summary>All sources together.</summary>
    All,

    /// <summary>Each source by itself: an IPv4 address, or an IPv6 /64, which is what one client gets.</summary>
    Each,
}

internal static class RateScopes
{
    /// <summary>What a word says; null when it is another one.</summary>
    public static RateScope? Read(string word) =>
        word.ToLowerInvariant() switch
        {
            "each" => RateScope.Each,
            "all" => RateScope.All,
            _ => null,
        };

    public static string Word(this RateScope scope) => scope == RateScope.Each ? "each" : "all";
}
