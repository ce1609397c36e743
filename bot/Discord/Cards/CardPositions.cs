using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ChatOps.Discord;
using ChatOps.Storage.Sqlite;

namespace ChatOps.Bot.Discord.Cards;

/// <param name="Print">The fingerprint of what it shows; what is shown already is not sent again.</param>
internal sealed record Place(Snowflake Channel, Snowflake Message, string Print);

/// <summary>
/// Where the cards stand, and how far in the log they are right. Kept over a restart (docs/adr/0024-discord-cards-and-answers.md).
/// </summary>
internal sealed class CardPositions(SqliteNotes notes)
{
    private const string Position = "position";

    /// <summary>Where a card stands; null when it was never shown.</summary>
    public Place? Find(string key) =>
        notes.Find($"card:{key}")?.Split(' ') is [var channel, var message, var print]
        && Snowflake.TryParse(channel, out var c)
        && Snowflake.TryParse(message, out var m)
            ? new(c, m, print)
            : null;

    public void Put(string key, Place place) => notes.Put($"card:{key}", $"{place.Channel} {place.Message} {place.Print}");

    /// <summary>True for the thread of an alert.</summary>
    public bool IsThread(Snowflake channel) => notes.Find($"thread:{channel}") is not null;

    public void PutThread(Snowflake thread, string key) => notes.Put($"thread:{thread}", key);

    /// <summary>The position in the log up to which all is shown; null before the first time.</summary>
    public long? ShownUpTo
    {
        get => long.TryParse(notes.Find(Position), NumberStyles.None, CultureInfo.InvariantCulture, out var position) ? position : null;
        set => notes.Put(Position, value!.Value.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>Forgets all of it: the log is another one than before.</summary>
    public void Forget() => notes.Clear();

    public static string PrintOf(MessagePayload message)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(MessageWriter.Body(message, Purpose.Edit).Json);
        foreach (var file in message.Files)
            hash.AppendData(file.Content.Span);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>A nonce that is the same when the same thing is posted again, because nobody heard that it had been.</summary>
    public static string Nonce(string about) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(about)))[..24];
}
