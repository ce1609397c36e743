using System.Collections.Immutable;
using System.Text.Json;

namespace ChatOps.Discord;

/// <summary>Writes first answers: the same bytes as the body of a callback and as the body of the endpoint's answer.</summary>
internal static class ResponseWriter
{
    private const int Ephemeral = 1 << 6;

    public static RestBody Body(InteractionResponse response) => new(Json.Bytes(w => Write(w, response)), FilesOf(response));

    public static ImmutableArray<Attachment> FilesOf(InteractionResponse response) =>
        response switch
        {
            InteractionResponse.Say say => say.Message.Files,
            InteractionResponse.Edit edit => edit.Message.Files,
            _ => [],
        };

    private static void Write(Utf8JsonWriter w, InteractionResponse response)
    {
        w.WriteStartObject();
        switch (response)
        {
            case InteractionResponse.Pong:
                w.WriteNumber("type", 1);
                break;
            case InteractionResponse.Say say:
                w.WriteNumber("type", 4);
                w.WritePropertyName("data");
                MessageWriter.Write(w, say.Message, Purpose.Answer);
                break;
            case InteractionResponse.SayLater later:
                w.WriteNumber("type", 5);
                w.WriteStartObject("data");
                if (later.IsEphemeral)
                    w.WriteNumber("flags", Ephemeral);
                w.WriteEndObject();
                break;
            case InteractionResponse.EditLater:
                w.WriteNumber("type", 6);
                break;
            case InteractionResponse.Edit edit:
                w.WriteNumber("type", 7);
                w.WritePropertyName("data");
                MessageWriter.Write(w, edit.Message, Purpose.Edit);
                break;
            case InteractionResponse.Suggest suggest:
                w.WriteNumber("type", 8);
                w.WriteStartObject("data");
                CommandWriter.WriteChoices(w, suggest.Choices);
                w.WriteEndObject();
                break;
            case InteractionResponse.Ask ask:
                w.WriteNumber("type", 9);
                w.WritePropertyName("data");
                ComponentWriter.Write(w, ask.Form);
                break;
            default:
                throw new InvalidOperationException($"no way to write {response.GetType().Name}");
        }

        w.WriteEndObject();
    }
}
