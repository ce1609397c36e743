using System.Collections.Immutable;
using ChatOps.Core.Application.Ports;
using ChatOps.Core.Application.Streams;
using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;
using ChatOps.Local;
using ChatOps.Specs.Audit;
using ChatOps.Storage.Sqlite;
using ChatOps.Storage.Starting;
using Microsoft.Extensions.DependencyInjection;

namespace ChatOps.Specs.Hosting;

/// <summary>
/// A start that goes on from what the log came to before is believed no more than the log, and finds what one that reads all of it would
/// find.
/// </summary>
public sealed partial class LongStartSpecs : IDisposable
{
    private static readonly Actor Ann = new("local", "ann", "Ann Other");

    private readonly TempFolder _folder = new();
    private readonly List<string> _said = [];

    private string Log => _folder.In("log.db");

    private string Kept => _folder.In("log.start");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task What_was_kept_and_the_records_after_it_come_to_the_same_as_all_records(int seed)
    {
        await using var log = await SqliteEventLog.OpenAsync(Log);
        await PortStory.TellAsync(log, 700);
        var random = new Random(seed);
        var (whole, kept) = (FoldedLog.Empty, FoldedLog.Empty);
        await foreach (var recorded in log.ReadAllAsync(0, default))
        {
            (whole, kept) = (whole.With(recorded), kept.With(recorded));
            if (random.Next(400) == 0)
                kept = kept with { States = kept.States.ToImmutableSortedDictionary(s => s.Key, s => Again(s.Value)) };
        }

        Assert.Equal(BytesOf(whole.States[PortStory.Gw1]), BytesOf(kept.States[PortStory.Gw1]));
        Assert.Equal(
            whole.States[PortStory.Gw1].Revisions.Select(r => EdgeForm.Of(r.Value).Exposures.Length),
            kept.States[PortStory.Gw1].Revisions.Select(r => EdgeForm.Of(r.Value).Exposures.Length)
        );
    }

    [Fact]
    public async Task A_later_start_reads_what_came_after_and_says_what_was_verified_when()
    {
        await ToldAsync();
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Kept));
        await using var edition = await StartAsync();
        Assert.NotNull(edition.Services.GetRequiredService<LocalLog>().Folded);
        var state = await edition.Core.Ledger.LoadAsync(PortStory.Gw1, default);
        Assert.Equal(BytesOf(await FoldAsync(edition)), BytesOf(state));
        await ReadAgainAsync(edition);
        Assert.IsType<Outcome.Decided>(await WriteAsync(edition, "later"));
    }

    [Fact]
    public async Task Whatever_is_wrong_with_what_was_kept_all_of_the_log_is_read()
    {
        await ToldAsync();
        var bytes = await File.ReadAllBytesAsync(Kept);
        byte[][] damaged =
        [
            [],
            bytes[..20],
            bytes[..^1],
            .. new[] { 0, 33, 40, bytes.Length / 2, bytes.Length - 1 }.Select(at =>
                bytes.Select((b, i) => i == at ? (byte)(b ^ 4) : b).ToArray()
            ),
        ];
        await using var keys = SqlitePersonKeys.Open(_folder.In("log.people"));
        Assert.NotNull(await new StartFile(Kept).ReadAsync(keys, default));
        foreach (var file in damaged)
        {
            await File.WriteAllBytesAsync(Kept, file);
            Assert.Null(await new StartFile(Kept).ReadAsync(keys, default));
        }

        await using var edition = await StartAsync();
        Assert.Null(edition.Services.GetRequiredService<LocalLog>().Folded);
        Assert.IsType<Outcome.Decided>(await WriteAsync(edition, "later"));
    }

    [Fact]
    public async Task What_was_kept_of_another_log_does_not_open()
    {
        await ToldAsync();
        await using var others = SqlitePersonKeys.Open(_folder.In("other.people"));
        await others.StartKeyAsync(default);
        Assert.Null(await new StartFile(Kept).ReadAsync(others, default));
    }

    [Theory]
    [InlineData("DELETE FROM records WHERE position > 900; UPDATE sqlite_sequence SET seq = 900")]
    [InlineData("DELETE FROM records WHERE position > 2; UPDATE sqlite_sequence SET seq = 2")]
    public async Task A_log_that_was_cut_or_put_back_is_found_before_it_is_written_to(string sql)
    {
        await ToldAsync();
        Tamper(sql);
        var before = await CountAsync();
        await using (var edition = await StartAsync())
        {
            Assert.Contains(_said, s => s.Contains("records that it once had", StringComparison.Ordinal));
            await Assert.ThrowsAsync<LogCorruptException>(() => WriteAsync(edition, "later"));
        }

        Assert.Equal(before, await CountAsync());
    }

    [Fact]
    public async Task A_record_that_was_edited_after_what_was_kept_is_found_at_the_start()
    {
        await ToldAsync();
        Tamper(
            "UPDATE records SET body = replace(body, 'first', 'worst') WHERE position = (SELECT max(position) FROM records WHERE body LIKE '%first%')"
        );
        Tamper("UPDATE records SET hash = replace(hash, substr(hash, 1, 1), 'x') WHERE position = (SELECT max(position) FROM records)");
        await Assert.ThrowsAsync<LogCorruptException>(StartAsync);
    }

    [Fact]
    public async Task A_record_that_was_edited_long_before_is_found_while_the_program_works_and_ends_the_writing()
    {
        await ToldAsync();
        Tamper("UPDATE records SET body = replace(body, 'vm2', 'vm9') WHERE position = 2");
        await using (var edition = await StartAsync())
        {
            await FoundAsync(edition, "position 2) cannot be trusted");
            await Assert.ThrowsAsync<LogCorruptException>(() => WriteAsync(edition, "later"));
        }

        Assert.False(File.Exists(Kept));
        await Assert.ThrowsAsync<LogCorruptException>(StartAsync);
    }

    [Fact]
    public async Task What_somebody_who_has_the_keys_forged_is_found_and_the_next_start_reads_the_log()
    {
        await ToldAsync();
        await using (var keys = SqlitePersonKeys.Open(_folder.In("log.people")))
        {
            var file = new StartFile(Kept);
            var point = (await file.ReadAsync(keys, default))!;
            var states = point.Folded.States.ToImmutableSortedDictionary(
                s => s.Key,
                s => s.Value with { Running = s.Value.Running.With(new VmRemoved(0, Given.Vm("vm2"))) }
            );
            file.Write(await keys.StartKeyAsync(default), point with { Folded = point.Folded with { States = states } });
        }

        await using (var edition = await StartAsync())
        {
            await FoundAsync(edition, "gw1 is not what the log says");
            await Assert.ThrowsAsync<LogCorruptException>(() => WriteAsync(edition, "later"));
        }

        await using var again = await StartAsync();
        Assert.Null(again.Services.GetRequiredService<LocalLog>().Folded);
        Assert.Contains(Given.Vm("vm2"), (await again.Core.Ledger.LoadAsync(PortStory.Gw1, default)).Running.Vms.Keys);
        Assert.IsType<Outcome.Decided>(await WriteAsync(again, "later"));
    }

    [Fact]
    public async Task Who_is_forgotten_is_not_in_what_was_kept_any_more()
    {
        await ToldAsync();
        await using (var edition = await StartAsync())
        {
            await ReadAgainAsync(edition);
            await WriteAsync(edition, "by ann", Ann);
            Assert.Contains(
                "Ann Other",
                string.Concat((await edition.Core.Ledger.LoadAsync(PortStory.Gw1, default)).Changes.Values.Select(c => c.By.Name)),
                StringComparison.Ordinal
            );
        }

        await using var keys = SqlitePersonKeys.Open(_folder.In("log.people"));
        Assert.Contains(
            "Ann Other",
            string.Concat(NamesIn((await new StartFile(Kept).ReadAsync(keys, default))!)),
            StringComparison.Ordinal
        );
        var before = await File.ReadAllBytesAsync(Kept);
        await using (var edition = await StartAsync())
        {
            var events = edition.Services.GetRequiredService<IEventLog>();
            var known = Assert.Single(await keys.KnownAsync(default), k => k.Person.Id == Ann.Id);
            await LogStream.WriteAsync(
                events,
                new Origin("forget", Given.Admin.Actor),
                new PersonForgotten(Ann.Platform, Ann.Id, [known.Key]),
                DateTimeOffset.UnixEpoch,
                default
            );
            Assert.Null(await new StartFile(Kept).ReadAsync(keys, default));
            await ReadAgainAsync(edition);
            Assert.DoesNotContain(
                "Ann Other",
                (await edition.Core.Ledger.LoadAsync(PortStory.Gw1, default)).Changes.Values.Select(c => c.By.Name)
            );
        }

        Assert.DoesNotContain("Ann Other", NamesIn((await new StartFile(Kept).ReadAsync(keys, default))!));
        await File.WriteAllBytesAsync(Kept, before);
        Assert.Null(await new StartFile(Kept).ReadAsync(keys, default));
    }
}
