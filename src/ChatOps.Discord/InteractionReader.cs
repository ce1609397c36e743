using System.Collections.Immutable;
using System.Text.Json;

namespace ChatOps.Discord;

/// <summary>Reads interactions, as the gateway dispatches them and as they are posted to the endpoint.</summary>
internal static class InteractionReader
{
    private const int Subcommand = 1;
    private const int SubcommandGroup = 2;
    private const int Deepest = 8;

    /// <summary>The interaction; null for what is none: without an id, a token or anyone who did it (a ping needs nobody).</summary>
    public static Interaction? Read(JsonElement from, DateTimeOffset receivedAt)
    {
        var type = from.Number("type") ?? 0;
        var member = from.Object("member");
        var by = Person.Read(member?.Object("user") ?? from.Object("user"), member);
        if (by is null && type == 1)
            by = new Person(default, "", true, []);
        if (from.Id("id") is not { } id || from.Text("token") is not { } token || by is null)
            return null;
        return new(
            id,
            from.Id("application_id") ?? default,
            new Secret(token),
            from.Id("guild_id") ?? from.Object("guild")?.Id("id"),
            from.Id("channel_id") ?? from.Object("channel")?.Id("id"),
            by,
            receivedAt,
            DeedOf(type, from)
        )
        {
            Parent = from.Object("channel")?.Id("parent_id"),
        };
    }

    private static InteractionData DeedOf(long type, JsonElement from)
    {
        var data = from.Object("data") ?? default;
        var on = from.Object("message") is { } message ? Message.Read(message) : null;
        return type switch
        {
            1 => new InteractionData.Ping(),
            2 => new InteractionData.CommandSent(NameOf(data, out var given), Values(given)),
            3 => new InteractionData.ButtonPressed(data.Text("custom_id") ?? "", on),
            4 => new InteractionData.CommandTyped(NameOf(data, out var typed), Values(typed)),
            5 => new InteractionData.FormSubmitted(
                data.Text("custom_id") ?? "",
                Inputs(data, Deepest).DistinctBy(i => i.Id).ToImmutableDictionary(i => i.Id, i => i.Value),
                on
            ),
            _ => new InteractionData.Unknown(type),
        };
    }

    private static string NameOf(JsonElement command, out JsonElement innermost)
    {
        var name = command.Text("name") ?? "";
        innermost = command;
        while (
            innermost.List("options").FirstOrDefault() is { ValueKind: JsonValueKind.Object } first
            && first.Number("type") is (Subcommand or SubcommandGroup)
        )
        {
            name += $" {first.Text("name")}";
            innermost = first;
        }

        return name;
    }

    private static ImmutableArray<OptionValue> Values(JsonElement command) =>
        [
            .. from option in command.List("options")
            let name = option.Text("name")
            where name is not null
            select new OptionValue(name, ValueOf(option), option.Flag("focused")),
        ];

    private static string ValueOf(JsonElement option) =>
        option.Find("value") switch
        {
            { ValueKind: JsonValueKind.String } text => text.AsText() ?? "",
            { ValueKind: JsonValueKind.True } => "true",
            { ValueKind: JsonValueKind.False } => "false",
            { ValueKind: JsonValueKind.Number } number => number.GetRawText(),
            _ => "",
        };

    // Fields stand in rows ("components") or under labels ("component"), depending on the form's age.
    private static IEnumerable<(string Id, string Value)> Inputs(JsonElement from, int depth)
    {
        if (depth > 0 && from.Text("custom_id") is { } id && from.Text("value") is { } value)
            yield return (id, value);
        if (depth > 0)
        {
            var inner = from.List("components");
            foreach (var input in (from.Object("component") is { } one ? inner.Append(one) : inner).SelectMany(c => Inputs(c, depth - 1)))
                yield return input;
        }
    }
}
