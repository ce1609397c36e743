using System.Text.Json;
using System.Text.Json.Nodes;
using ChatOps.Discord;

namespace ChatOps.Specs.Discord;

/// <summary>What other servers may send instead of what ours does: nothing of it is an exception.</summary>
public sealed class ReadingSpecs
{
    private const string Command = """
        {"id":"1","application_id":"2","type":2,"token":"t","guild_id":"3","channel_id":"4","version":1,
         "member":{"user":{"id":"5","username":"ada","global_name":"Ada","bot":false},"nick":null,"roles":["6","7"]},
         "data":{"id":"8","name":"peer","type":1,"options":[{"type":1,"name":"add","options":[{"type":3,"name":"name","value":"x","focused":true}]}]}}
        """;

    private const string Form = """
        {"id":1,"application_id":2,"type":5,"token":"t","user":{"id":5,"username":"ada"},
         "data":{"custom_id":"deny:12","components":[
            {"type":18,"component":{"type":4,"custom_id":"a","value":"1"}},
            {"type":1,"components":[{"type":4,"custom_id":"b","value":"2"}]}]},
         "message":{"id":"9","channel_id":"4","content":"x","author":{"id":"2","bot":true},"mentions":[{"id":"5"}],"flags":64}}
        """;

    private const string Poll = """
        {"id":"1","channel_id":"4","guild_id":"3","type":0,"author":{"id":"5"},"content":"","mentions":[],"mention_roles":[],
         "poll":{"question":{"text":"<@2> status"},"answers":[{"answer_id":1,"poll_media":{"text":"yes","emoji":{"id":null,"name":"+"}}}],
            "expiry":"2026-12-02T10:00:00+00:00","allow_multiselect":false,"layout_type":1,
            "results":{"is_finalized":false,"answer_counts":[{"id":1,"count":1,"me_voted":false}]}}}
        """;

    private const string ComponentsV2 = """
        {"id":"1","channel_id":"4","guild_id":"3","type":0,"author":{"id":"5"},"content":"","flags":32768,"mentions":[{"id":"2"}],
         "components":[{"type":17,"id":1,"accent_color":5,"spoiler":false,"components":[
            {"type":10,"id":2,"content":"<@2> status"},{"type":14,"id":3,"divider":true,"spacing":1},
            {"type":9,"id":4,"components":[{"type":10,"id":5,"content":"x"}],"accessory":{"type":11,"id":6,"media":{"url":"attachment://a"}}},
            {"type":12,"id":7,"items":[{"media":{"url":"attachment://b"}}]},{"type":13,"id":8,"file":{"url":"attachment://c"}}]}]}
        """;

    // What somebody passes on from elsewhere has no text of its own, and the text within is no line of theirs.
    private const string Forwarded = """
        {"id":"1","channel_id":"4","guild_id":"3","type":0,"author":{"id":"5"},"content":"","mentions":[],
         "message_reference":{"type":1,"message_id":"8","channel_id":"9","guild_id":"10"},
         "message_snapshots":[{"message":{"type":0,"content":"<@2> expose vm2:22 on 22","mentions":[{"id":"2"}],"embeds":[],
            "attachments":[],"timestamp":"2026-12-01T10:00:00+00:00","edited_timestamp":null,"flags":0,"mention_roles":[]}}]}
        """;

    private static readonly string[] Instead =
    [
        "null",
        "7",
        "-1",
        "1.5",
        "\"\"",
        "\"text\"",
        "\"\\ud800\"",
        "true",
        "[]",
        "{}",
        "[null]",
        "[[]]",
        "1e400",
    ];

    [Fact]
    public void A_command_is_read()
    {
        var read = Read(Command)!;
        Assert.Equal(
            (new Snowflake(1), new Snowflake(2), "t", new Snowflake(3), new Snowflake(4)),
            (read.Id, read.Application, read.Token.Reveal(), read.Guild!.Value, read.Channel!.Value)
        );
        Assert.Equal((new Snowflake(5), "Ada", false), (read.By.Id, read.By.Name, read.By.IsBot));
        var sent = Assert.IsType<InteractionData.CommandSent>(read.InteractionData);
        Assert.Equal(("peer add", new OptionValue("name", "x", true)), (sent.Name, Assert.Single(sent.Options)));
    }

    [Theory]
    [InlineData("""{"id":"1","channel_id":"4","type":0,"author":{"id":"5"}}""", true)]
    [InlineData("""{"id":"1","channel_id":"4","type":19,"author":{"id":"5"},"webhook_id":null}""", true)]
    [InlineData("""{"id":"1","channel_id":"4","type":0,"author":{"id":"5"},"webhook_id":"9"}""", false)]
    [InlineData("""{"id":"1","channel_id":"4","type":0,"author":{"id":"5","bot":true}}""", false)]
    [InlineData("""{"id":"1","channel_id":"4","type":7,"author":{"id":"5"}}""", false)]
    [InlineData("""{"id":"1","channel_id":"4","type":0}""", false)]
    public void Only_what_a_person_types_is_typed_by_a_person(string json, bool isTyped) =>
        Assert.Equal(isTyped, Message.Read(JsonElement.Parse(json))!.IsTypedByPerson);

    [Fact]
    public void A_form_is_read_in_its_old_and_its_new_shape()
    {
        var read = Read(Form)!;
        var form = Assert.IsType<InteractionData.FormSubmitted>(read.InteractionData);
        Assert.Equal(("1", "2", new Snowflake(9), true), (form.Values["a"], form.Values["b"], form.On!.Id, form.On.IsEphemeral));
        Assert.Null(read.Guild);
    }

    [Theory]
    [InlineData(Poll)]
    [InlineData(ComponentsV2)]
    [InlineData(Forwarded)]
    public void What_stands_elsewhere_in_a_message_is_no_line(string json)
    {
        var read = Message.Read(JsonElement.Parse(json))!;
        Assert.Equal((new Snowflake(3), new Snowflake(5), true, ""), (read.Guild, read.Author!.Id, read.IsTypedByPerson, read.Content));
    }

    [Theory]
    [InlineData(Command)]
    [InlineData(Form)]
    [InlineData(Poll)]
    [InlineData(ComponentsV2)]
    [InlineData(Forwarded)]
    public void Whatever_stands_in_a_field_nothing_breaks(string sample)
    {
        foreach (var path in Paths(JsonNode.Parse(sample)!, []).ToList())
        {
            foreach (var other in Instead.Append(null))
            {
                var changed = JsonNode.Parse(sample)!;
                Replace(changed, path, other is null ? null : "\"instead\"");
                var json = changed.ToJsonString().Replace("\"instead\"", other, StringComparison.Ordinal);
                foreach (
                    var name in (string[])
                        ["INTERACTION_CREATE", "MESSAGE_CREATE", "READY", "GUILD_CREATE", "MESSAGE_DELETE", "MESSAGE_DELETE_BULK"]
                )
                    _ = EventReader.Read(name, JsonElement.Parse(json), default);
            }
        }
    }

    [Fact]
    public void What_nobody_did_is_no_interaction()
    {
        Assert.Null(Read("""{"id":"1","type":2,"token":"t"}"""));
        Assert.Null(Read("""{"type":2,"token":"t","user":{"id":"1"}}"""));
        Assert.Null(Read("""{"id":"1","type":2,"user":{"id":"1"}}"""));
        Assert.IsType<InteractionData.Unknown>(Read("""{"id":"1","type":77,"token":"t","user":{"id":"1"}}""")!.InteractionData);
    }

    private static Interaction? Read(string json) => InteractionReader.Read(JsonElement.Parse(json), default);

    private static IEnumerable<object[]> Paths(JsonNode at, object[] path)
    {
        IEnumerable<(object Step, JsonNode? Child)> children = at switch
        {
            JsonObject o => o.Select(p => ((object)p.Key, p.Value)),
            JsonArray a => a.Select((c, i) => ((object)i, c)),
            _ => [],
        };
        foreach (var (step, child) in children)
        {
            object[] below = [.. path, step];
            yield return below;
            foreach (var deeper in child is null ? [] : Paths(child, below))
                yield return deeper;
        }
    }

    private static void Replace(JsonNode root, object[] path, string? json)
    {
        var at = root;
        foreach (var step in path[..^1])
            at = step is int i ? at[i]! : at[(string)step]!;
        var value = json is null ? null : JsonNode.Parse(json);
        if (path[^1] is int index)
            at[index] = value;
        else if (json is null)
            at.AsObject().Remove((string)path[^1]);
        else
            at[(string)path[^1]] = value;
    }
}
