namespace ChatOps.Discord;

/// <summary>Something that a person did with what the bot offers: the same whether it came over the gateway or by HTTPS.</summary>
/// <param name="Id">Unique for ever; the same when it is delivered twice.</param>
/// <param name="Application">The application whose webhook the answers go through.</param>
/// <param name="Token">Lets the bot answer.</param>
/// <param name="Guild">The server; null in a direct message.</param>
/// <param name="Channel">The channel; null when that was not said.</param>
/// <param name="ReceivedAt">When it came in here.</param>
public sealed record Interaction(
    Snowflake Id,
    Snowflake Application,
    Secret Token,
    Snowflake? Guild,
    Snowflake? Channel,
    Person By,
    DateTimeOffset ReceivedAt,
    InteractionData InteractionData
)
{
    /// <summary>The channel that the thread is in, where <see cref="Channel"/> is one and that was said; null else.</summary>
    public Snowflake? Parent { get; init; }

    /// <summary>
    /// How soon the first answer has to be there; after that Discord shows that the application did not respond, and the token is void.
    /// </summary>
    public static readonly TimeSpan FirstAnswerIn = TimeSpan.FromSeconds(3);

    /// <summary>How long the token is good; after that only the bot itself can edit what was answered.</summary>
    public static readonly TimeSpan TokenLifetime = TimeSpan.FromMinutes(15);

    /// <summary>The moment from which the first answer is no longer taken.</summary>
    public DateTimeOffset FirstAnswerUntil => ReceivedAt + FirstAnswerIn;

    /// <summary>The moment from which the token is no longer taken.</summary>
    public DateTimeOffset TokenUntil => ReceivedAt + TokenLifetime;
}
