namespace ChatOps.Specs.Discord;

/// <summary>How interactions come in.</summary>
public enum Way
{
    /// <summary>Over the gateway.</summary>
    Gateway,

    /// <summary>By HTTPS; without its TLS, which a proxy speaks.</summary>
    Https,
}
