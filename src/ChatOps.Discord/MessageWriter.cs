using System.Globalization;
using System.Text.Json;

namespace ChatOps.Discord;

/// <summary>What a message is sent for: each way takes some fields and refuses others.</summary>
internal enum Purpose
{
    Post,

    Answer,

    Edit,
}

/// <summary>Writes messages. All of them pass here, so that none can ping anybody.</summary>
internal static class MessageWriter
{
    private const int Ephemeral = 1 << 6;

    public static RestBody Body(MessagePayload message, Purpose purpose) => new(Json.Bytes(w => Write(w, message, purpose)), message.Files);

    public static void Write(Utf8JsonWriter w, MessagePayload message, Purpose purpose)
    {
        w.WriteStartObject();
        w.WriteString("content", message.Content);
        w.WriteStartArray("embeds");
        foreach (var embed in message.Embeds)
            Write(w, embed);
        w.WriteEndArray();
        w.WriteStartArray("components");
        foreach (var row in message.Rows)
            ComponentWriter.Write(w, row);
        w.WriteEndArray();
        WriteFiles(w, message, purpose);
        if (purpose == Purpose.Answer && message.IsEphemeral)
            w.WriteNumber("flags", Ephemeral);
        if (purpose == Purpose.Post)
            WritePosted(w, message);

        // An empty list: no user, no role, not everyone, not even the author of the message that is answered.
        w.WriteStartObject("allowed_mentions");
        w.WriteStartArray("parse");
        w.WriteEndArray();
        w.WriteEndObject();
        w.WriteEndObject();
    }

    private static void WritePosted(Utf8JsonWriter w, MessagePayload message)
    {
        w.WriteString("nonce", message.Nonce ?? Guid.NewGuid().ToString("N")[..25]);
        w.WriteBoolean("enforce_nonce", true);
        if (message.ReplyTo is not { } to)
            return;
        w.WriteStartObject("message_reference");
        w.WriteString("message_id", to.ToString());
        w.WriteBoolean("fail_if_not_exists", false);
        w.WriteEndObject();
    }

    // In an edit the list says which files the message has from now on.
    private static void WriteFiles(Utf8JsonWriter w, MessagePayload message, Purpose purpose)
    {
        if (message.KeepsFiles || (message.Files.IsEmpty && purpose != Purpose.Edit))
            return;
        w.WriteStartArray("attachments");
        for (var i = 0; i < message.Files.Length; i++)
        {
            w.WriteStartObject();
            w.WriteString("id", i.ToString(CultureInfo.InvariantCulture));
            w.WriteString("filename", message.Files[i].SafeName);
            w.WriteEndObject();
        }

        w.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter w, Embed embed)
    {
        w.WriteStartObject();
        w.WriteText("title", embed.Title);
        w.WriteText("description", embed.Description);
        w.WriteNumber("color", embed.Color);
        if (!embed.Fields.IsEmpty)
        {
            w.WriteStartArray("fields");
            foreach (var field in embed.Fields)
            {
                w.WriteStartObject();
                w.WriteString("name", field.Name);
                w.WriteString("value", field.Value);
                w.WriteBoolean("inline", field.Inline);
                w.WriteEndObject();
            }

            w.WriteEndArray();
        }

        if (embed.Footer is { } footer)
        {
            w.WriteStartObject("footer");
            w.WriteString("text", footer.Text);
            w.WriteEndObject();
        }

        if (embed.Timestamp is { } time)
            w.WriteString("timestamp", time.UtcDateTime);
        w.WriteEndObject();
    }
}
