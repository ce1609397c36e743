using System.Text;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using ChatOps.Core.Application.Ports;
using ChatOps.Core.Domain.Changes;
using ChatOps.Integration.Azurites;
using ChatOps.Specs.Storage;
using static ChatOps.Specs.Storage.Sample;

namespace ChatOps.Integration.Blobs;

/// <summary>Somebody changes the segments behind the log's back; whoever reads them finds out, and what it says is of use.</summary>
[Collection(AzuriteCollection.Name), Trait("needs", "Azurite")]
public sealed class BlobCorruptionTests(AzuriteFixture azurite) : BlobLogTest(azurite)
{
    [Fact]
    public Task A_changed_byte_is_found() =>
        IsRefused(
            lines => lines[1] = lines[1].Replace("plan of b", "plan of B", StringComparison.Ordinal),
            "gateway/gw1 version 2 (id b, position 2)",
            "its text has the hash "
        );

    [Fact]
    public Task A_changed_hash_is_found() =>
        IsRefused(
            lines => lines[1] = lines[1].Replace("2 1/2 ", "2 1/2 0", StringComparison.Ordinal),
            "position 2",
            "its line cannot be read"
        );

    [Fact]
    public Task A_missing_line_is_found() =>
        IsRefused(lines => lines.RemoveAt(1), "the record at position 2", "the record at position 3 is in its place");

    [Fact]
    public Task A_missing_block_is_found() =>
        IsRefused(lines => lines.RemoveAt(0), "the record at position 1", "the record at position 2 is in its place");

    [Fact]
    public Task Swapped_lines_are_found() =>
        IsRefused(lines => lines.Reverse(1, 2), "the record at position 2", "the record at position 3 is in its place");

    [Fact]
    public Task Texts_that_were_swapped_with_their_hashes_are_found() =>
        IsRefused(
            lines =>
            {
                var (b, c) = (lines[1], lines[2]);
                (lines[1], lines[2]) = (b[..6] + c[6..], c[..6] + b[6..]);
            },
            "gateway/gw1 version 3 (id c, position 2)",
            "version 2 of its stream is missing before it"
        );

    [Fact]
    public Task A_doubled_block_is_found() =>
        IsRefused(lines => lines.Insert(1, lines[0]), "the record at position 2", "the record at position 1 is in its place");

    [Fact]
    public Task A_torn_block_is_found() =>
        IsRefused(lines => lines.RemoveRange(2, 2), "the record at position 3", "its block is torn: 1 of its 2 records are there");

    [Fact]
    public Task A_torn_line_is_found() =>
        IsRefused(
            lines =>
            {
                lines.RemoveRange(1, 4);
                lines.Add("2 1/2 12");
            },
            "the record at position 2",
            "its line has no end"
        );

    [Fact]
    public Task Half_a_block_in_the_middle_is_found() => IsRefused(lines => lines.RemoveAt(2), "the record at position 3", "");

    [Fact]
    public Task What_is_written_after_a_segments_end_is_found() =>
        IsRefused(lines => lines[^1] = "more\n", "00000001", "something was written after the segment's end");

    [Fact]
    public Task A_segment_that_lost_its_end_is_found() =>
        IsRefused(lines => lines[3] = "end 2", "00000001", "the segment says that it ends with position 2");

    [Fact]
    public Task A_record_that_was_written_anew_with_its_hash_breaks_the_chain() =>
        IsRefused(
            lines =>
            {
                var (body, hash) = RecordFormat.Seal(Record("a", number: 99), Gw1, 1, RecordFormat.NoPrevious);
                lines[0] = $"1 1/1 {hash} {body}";
            },
            "gateway/gw1 version 2 (id b, position 2)",
            "but version 1 has the hash "
        );

    [Fact]
    public async Task A_segment_that_is_gone_is_missed()
    {
        await WriteAsync(blocks: 1);
        await Container.DeleteBlobAsync("00000002");
        var refusal = await Assert.ThrowsAsync<LogCorruptException>(VerifiedAsync);
        Assert.Contains("00000002 is gone", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a", "it is not in the log any more, and was when this program read it")]
    [InlineData("z", "when this program read it")]
    public async Task A_log_that_was_cut_or_changed_is_noticed_by_whoever_has_read_more_of_it(string last, string why)
    {
        var log = await OpenAsync(blocks: 10, copy: "kept.db");
        await log.Append(Gw1, 0, "a");
        await log.Append(Gw1, 1, "b");
        await log.DisposeAsync();
        await RewriteAsync(1, lines =>
        {
            lines.RemoveRange(1, 2);
            if (last != "a")
            {
                var (body, hash) = RecordFormat.Seal(Record(last), Gw1, 2, lines[0].Split(' ')[2]);
                lines.Add($"2 1/1 {hash} {body}");
            }

            lines.Add("");
        });
        var refusal = await Assert.ThrowsAsync<LogCorruptException>(() => OpenAsync(copy: "kept.db"));
        Assert.Contains("gateway/gw1 version 2 (id b, position 2)", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(why, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_log_that_is_cut_while_it_is_open_is_noticed_by_readers_followers_and_writers()
    {
        var log = await OpenAsync(blocks: 10);
        await log.Append(Gw1, 0, "a");
        await log.Append(Gw1, 1, "b");
        await RewriteAsync(1, lines => lines.RemoveAt(1));
        await Assert.ThrowsAsync<LogCorruptException>(() => log.All());
        await Assert.ThrowsAsync<LogCorruptException>(() => log.Follow(2, 1));
        await Assert.ThrowsAsync<LogCorruptException>(() => log.AppendAsync(Gw1, 2, Records("c"), default));
    }

    private async Task IsRefused(Action<List<string>> change, string named, string why)
    {
        await WriteAsync(blocks: 2);
        await RewriteAsync(1, change);
        var refusal = await Assert.ThrowsAsync<LogCorruptException>(VerifiedAsync);
        Assert.StartsWith($"{Container.Uri}/00000001: ", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(named, refusal.Message, StringComparison.Ordinal);
        Assert.Contains(why, refusal.Message, StringComparison.Ordinal);
        Assert.Contains("Nothing was changed. Next: stop the program and restore ", refusal.Message, StringComparison.Ordinal);
    }

    private async Task WriteAsync(int blocks)
    {
        var log = await OpenAsync(blocks);
        await log.Append(Gw1, 0, "a");
        await log.Append(Gw1, 1, "b", "c");
        await log.Append(Gw1, 3, "d");
    }

    // Of the lines, the last is the empty one after the last line's end.
    private async Task RewriteAsync(int segment, Action<List<string>> change)
    {
        var lines = (await TextOfAsync(segment)).Split('\n').ToList();
        change(lines);
        var blob = Container.GetAppendBlobClient($"{segment:D8}");
        var metadata = (await blob.GetPropertiesAsync()).Value.Metadata;
        await blob.CreateAsync(new AppendBlobCreateOptions { Metadata = metadata });
        await blob.AppendBlockAsync(new MemoryStream(Encoding.UTF8.GetBytes(string.Join('\n', lines))));
    }
}
