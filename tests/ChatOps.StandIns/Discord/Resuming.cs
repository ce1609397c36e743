namespace ChatOps.StandIns.Discord;

/// <summary>What comes of a RESUME.</summary>
public enum Resuming
{
    /// <summary>The session goes on, or is invalid when it is forgotten.</summary>
    Works,

    /// <summary>The connection is closed with 4000.</summary>
    Closes,

    /// <summary>The connection breaks.</summary>
    Breaks,

    /// <summary>Nothing; heartbeats are answered.</summary>
    Silent,
}
