using System.Collections.Immutable;
using System.Text.Json;
using ChatOps.Core.Application.Ports;
using ChatOps.Core.Application.Streams;
using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Core.Application.Erasure;

/// <summary>Whose keys a log needs so that every name and reason in it can be read that may be read.</summary>
/// <param name="Needed">The person under whose name each key's texts stand, by the key's id; without those who were forgotten.</param>
/// <param name="Forgotten">Who was forgotten, in the order of the log.</param>
public sealed record NeededKeys(ImmutableDictionary<string, Actor> Needed, ImmutableArray<PersonForgotten> Forgotten)
{
    /// <summary>Reads a whole log, as it is stored. Of each record no more than the actor is looked at.</summary>
    /// <param name="stored">The log below <see cref="ErasableLog"/>.</param>
    public static Task<NeededKeys> OfAsync(IEventLog stored, CancellationToken cancel) =>
        OfAsync(stored, ImmutableDictionary<string, Actor>.Empty, 0, cancel);

    /// <summary>Goes on from what the records up to a position need.</summary>
    public static async Task<NeededKeys> OfAsync(
        IEventLog stored,
        ImmutableDictionary<string, Actor> before,
        long position,
        CancellationToken cancel
    )
    {
        var needed = before.ToBuilder();
        await foreach (var text in stored.ReadTextsAsync(position, cancel))
        {
            if (ActorOf(text.Body.Span) is { } actor && SealedText.TryParse(actor.Name, out var name))
                needed[name.Key] = actor with { Name = SealedText.Kept };
        }

        var forgotten = ImmutableArray.CreateBuilder<PersonForgotten>();
        await foreach (var recorded in stored.ReadStreamAsync(LogStream.Name, 0, cancel))
        {
            if (recorded.Event is not PersonForgotten person)
                continue;
            forgotten.Add(person);
            needed.RemoveRange(person.Keys);
        }

        return new(needed.ToImmutable(), forgotten.ToImmutable());
    }

    /// <summary>The needed keys that a store does not have.</summary>
    public async Task<ImmutableDictionary<string, Actor>> MissingInAsync(IPersonKeys people, CancellationToken cancel) =>
        Needed.RemoveRange((await people.KnownAsync(cancel)).Select(k => k.Key));

    // The first member of a record: members are sorted.
    private static Actor? ActorOf(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body);
        if (!reader.Read() || !reader.Read() || !reader.ValueTextEquals("actor"u8) || !reader.Read())
            return null;
        var (id, name, platform) = ("", "", "");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var member = reader.GetString();
            reader.Read();
            var value = reader.GetString() ?? "";
            (id, name, platform) = member switch
            {
                "id" => (value, name, platform),
                "name" => (id, value, platform),
                "platform" => (id, name, value),
                _ => (id, name, platform),
            };
        }

        return new Actor(platform, id, name);
    }
}
