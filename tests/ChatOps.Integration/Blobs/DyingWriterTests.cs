using ChatOps.Core.Application.Ports;
using ChatOps.Integration.Azurites;
using ChatOps.Specs.Storage;
using static ChatOps.Specs.Storage.Sample;

namespace ChatOps.Integration.Blobs;

/// <summary>Writers that die between any two calls, and answers that get lost: nothing is lost and nothing is there twice.</summary>
[Collection(AzuriteCollection.Name), Trait("needs", "Azurite")]
public sealed class DyingWriterTests(AzuriteFixture azurite) : BlobLogTest(azurite)
{
    private static readonly string[][] Appends =
    [
        ["a"],
        ["b", "c"],
        ["d"],
        ["e"],
        ["f", "g"],
    ];

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, false)]
    [InlineData(true, true)]
    [InlineData(false, true)]
    public async Task Whatever_call_a_writer_dies_at_another_goes_on_without_loss_or_double(bool beforeSending, bool isRestarted)
    {
        var isAlive = false;
        var call = 1;
        for (; !isAlive; call++)
        {
            Name = AzuriteFixture.NewName("log");
            var copy = isRestarted ? $"restarted-{call}.db" : null;
            var answered = new List<string>();
            isAlive = await WriteAsync(call, beforeSending, copy, answered);
            Assert.Equal(answered, (await VerifiedAsync()).Ids().Take(answered.Count));

            // Whoever does not hear an answer sends again, here from the beginning.
            var next = await OpenAsync(copy: copy);
            var version = 0L;
            foreach (var ids in Appends)
                version = Assert
                    .IsType<AppendResult.Appended>(await next.AppendAsync(Gw1, version, Records(ids), default))
                    .Records[^1]
                    .Version;
            var records = await VerifiedAsync();
            Assert.Equal(Appends.SelectMany(a => a), records.Ids());
            Assert.Equal(Enumerable.Range(1, 7).Select(p => (long)p), records.Select(r => r.Position));
            Assert.Equal(records, await next.All());
        }

        // To make the log, to open it, and five appends into three segments.
        Assert.InRange(call, 12, 40);
    }

    [Fact]
    public async Task An_append_whose_answer_was_lost_is_answered_all_the_same()
    {
        var log = await OpenAsync(policy: CallPolicy.LosesAnswers(2));
        await log.Append(Gw1, 0, "a");
        await log.Append(Gw1, 1, "b");
        Assert.Equal(["a", "b"], (await VerifiedAsync()).Ids());
    }

    [Fact]
    public async Task An_append_whose_answer_was_lost_for_good_may_be_saved_and_sending_again_settles_it()
    {
        await OpenAsync();
        var log = await OpenAsync(policy: CallPolicy.LosesAnswers(1, andAllElse: true));
        var error = await Assert.ThrowsAsync<LogUnavailableException>(() => log.AppendAsync(Gw1, 0, Records("a"), default));
        Assert.True(error.MayBeSaved);
        Assert.EndsWith(
            "What was sent is saved or not. Next: send the same again when it is back; nothing is saved twice",
            error.Message,
            StringComparison.Ordinal
        );
        await (await OpenAsync()).Append(Gw1, 0, "a");
        Assert.Equal(["a"], (await VerifiedAsync()).Ids());
    }

    [Fact]
    public async Task A_lost_answer_is_no_excuse_when_somebody_else_was_faster()
    {
        var log = await OpenAsync(policy: CallPolicy.LosesAnswers(1));
        await (await OpenAsync()).Append(Gw1, 0, "other");
        var conflict = Assert.IsType<AppendResult.Conflict>(await log.AppendAsync(Gw1, 0, Records("a"), default));
        Assert.Equal(1, conflict.ActualVersion);
        Assert.Equal(["other"], (await VerifiedAsync()).Ids());
    }

    // Whether it came to its end alive.
    private async Task<bool> WriteAsync(int call, bool beforeSending, string? copy, List<string> answered)
    {
        try
        {
            var log = await OpenAsync(copy: copy, policy: CallPolicy.DiesAt(call, beforeSending));
            var version = 0L;
            foreach (var ids in Appends)
            {
                await log.Append(Gw1, version, ids);
                version += ids.Length;
                answered.AddRange(ids);
            }

            return true;
        }
        catch (DiedException)
        {
            return false;
        }
    }
}
