using System.Text.Json;
using ChatOps.Core.Domain.Authority;
using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Specs.Storage;

/// <summary>The stored form is for ever: this text and this hash must come out of every version of the program.</summary>
public sealed class RecordFormatTests
{
    // On one line, as it is stored.
    private const string Body = """
        {"actor":{"id":"4711","name":"Zoë \"the gate\" 😀","platform":"discord"},"causation":"discord/1186/0","data":{"effects":[{"data":{"change":12,"port":"80","targets":["vm2:8080"]},"type":"exposure-opened.v1"}],"line":"expose vm2:8080 on 80 because a < b & c","needs":{"count":1,"role":"approver"},"number":12,"planHash":"cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc","reason":"a < b & c"},"id":"discord/1187/0","message":"1187","prev":"0000000000000000000000000000000000000000000000000000000000000000","stream":"gateway/gw1","time":"2026-03-01T12:30:15.250Z","type":"change-proposed.v1","version":7}
        """;

    private const string Hash = "5cfaee49f1ff4a2375346b59debd9ea823a3eebc970e57affd09c8d16db6ecc5";

    private static readonly NewRecord Golden = new(
        "discord/1187/0",
        new DateTimeOffset(2026, 3, 1, 13, 30, 15, 250, TimeSpan.FromHours(1)),
        new Actor("discord", "4711", "Zoë \"the gate\" \ud83d\ude00"),
        "1187",
        "discord/1186/0",
        new ChangeProposed(
            12,
            "expose vm2:8080 on 80 because a < b & c",
            "a < b & c",
            [new ExposureOpened(12, Text.Parse<PublicPort>("80"), [Text.Parse<VmEndpoint>("vm2:8080")])],
            new string('c', 64),
            new Approvals(1, "approver")
        )
    );

    [Fact]
    public void A_record_has_exactly_this_text_and_this_hash()
    {
        var (body, hash) = RecordFormat.Seal(Golden, "gateway/gw1", 7, RecordFormat.NoPrevious);
        Assert.Equal(Body, body);
        Assert.Equal(Hash, hash);
    }

    [Fact]
    public void The_text_is_read_into_the_record_that_it_was()
    {
        var record = RecordFormat.Open(42, Body, Hash);
        Assert.Equal((42, "gateway/gw1", 7), (record.Position, record.Stream, record.Version));
        Assert.Equal((Golden.Id, Golden.Time, Golden.Actor), (record.Id, record.Time, record.Actor));
        Assert.Equal((Golden.Message, Golden.Causation), (record.Message, record.Causation));
        Assert.Equal((RecordFormat.NoPrevious, Hash), (record.Previous, record.Hash));
        var again = new NewRecord(record.Id, record.Time, record.Actor, record.Message, record.Causation, record.Event);
        Assert.Equal((Body, Hash), RecordFormat.Seal(again, record.Stream, record.Version, record.Previous));
    }

    [Fact]
    public void What_there_is_not_is_left_out()
    {
        var bare = Golden with { Message = null, Causation = null, Event = new ChangeExpired(3) };
        Assert.Equal(
            $$"""
            {"actor":{"id":"4711","name":"Zoë \"the gate\" 😀","platform":"discord"},"data":{"number":3},"id":"discord/1187/0","prev":"{{RecordFormat.NoPrevious}}","stream":"gateway/gw1","time":"2026-03-01T12:30:15.250Z","type":"change-expired.v1","version":1}
            """,
            RecordFormat.Seal(bare, "gateway/gw1", 1, RecordFormat.NoPrevious).Body
        );
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"actor":7}""")]
    public void What_is_not_a_record_is_a_json_error(string body) =>
        Assert.ThrowsAny<JsonException>(() => RecordFormat.Open(1, body, Hash));
}
