using System.Text.Json.Nodes;

namespace ChatOps.StandIns.Discord;

/// <summary>Discord's rules for first answers: which kind goes with which interaction, and what is in it.</summary>
internal static class AnswerCheck
{
    public static Reply? Problem(Upload upload, int interaction, bool isOnMessage)
    {
        var found = new Findings();
        var body = upload.Json;
        found.Fields(body, "", ["type"], "data");
        var type = body["type"] is JsonValue value && value.TryGetValue<int>(out var number) ? number : 0;
        var fits = (type, interaction) switch
        {
            (4 or 5, 2 or 3 or 5) => true,
            (6 or 7, 3 or 5) => isOnMessage,
            (8, 4) => true,
            (9, 2 or 3) => true,
            _ => false,
        };
        if (!fits)
            found.Add("type", "INTERACTION_RESPONSE_TYPE_INVALID", $"Type {type} is no answer to an interaction of type {interaction}");
        if (body["data"] is JsonObject data)
            Data(found, data, type, upload.Files.Count);
        else if (type is 4 or 7 or 8 or 9)
            found.Add("data", "BASE_TYPE_REQUIRED", "This field is required");
        if (found.Any)
            return found.ToReply();
        return type == 4 && MessageCheck.IsEmpty(body["data"]!.AsObject(), upload.Files.Count) ? Reply.EmptyMessage : null;
    }

    private static void Data(Findings found, JsonObject data, int type, int files)
    {
        switch (type)
        {
            case 4 or 7:
                MessageCheck.Check(found, data, "data", MessageCheck.Answer, files);
                break;
            case 5:
                found.Fields(data, "data", [], "flags");
                break;
            case 8:
                found.Fields(data, "data", ["choices"]);
                ComponentCheck.Choices(found, data, "data");
                break;
            case 9:
                ComponentCheck.Form(found, data, "data");
                break;
            default:
                break;
        }
    }
}
