using System.Text;
using ChatOps.Core.Application.Erasure;
using ChatOps.Core.Application.Ports;
using ChatOps.Core.Application.Streams;
using ChatOps.Core.Domain.Authority;
using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;
using ChatOps.Hosting;
using ChatOps.Proof.Keeping;
using ChatOps.Specs.Storage;
using ChatOps.Storage.Sqlite;
using static ChatOps.Specs.Storage.Sample;

namespace ChatOps.Specs.Erasure;

/// <summary>What a person's key seals is open while it is there, gone with it, and no hash changes.</summary>
public sealed class ErasureSpecs : IAsyncLifetime
{
    private const string Reason = "Ann's birthday shop";

    private readonly TempFolder _folder = new();
    private SqliteEventLog _stored = null!;
    private SqlitePersonKeys _people = null!;
    private ErasableLog _log = null!;

    public async Task InitializeAsync()
    {
        _stored = await SqliteEventLog.OpenAsync(_folder.In("log.db"));
        _people = SqlitePersonKeys.Open(_folder.In("log.people"));
        _log = new ErasableLog(_stored, _people);
    }

    public async Task DisposeAsync()
    {
        _log.Dispose();
        await _people.DisposeAsync();
        await _stored.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Names_and_reasons_are_sealed_in_the_log_and_open_for_who_reads_it()
    {
        await AppendAsync(Denied("a", Reason));
        var stored = Assert.Single(await _stored.All());
        Assert.StartsWith("sealed:v1:", stored.Actor.Name, StringComparison.Ordinal);
        Assert.StartsWith("sealed:v1:", Assert.IsType<ChangeDenied>(stored.Event).Reason, StringComparison.Ordinal);
        Assert.Equal((Ann.Platform, Ann.Id), (stored.Actor.Platform, stored.Actor.Id));
        Assert.DoesNotContain(
            "Ann",
            Encoding.UTF8.GetString((await _stored.ReadTextsAsync(0, default).SingleAsync()).Body.Span),
            StringComparison.Ordinal
        );

        var open = Assert.Single(await _log.All());
        Assert.Equal((Ann, Reason), (open.Actor, ((ChangeDenied)open.Event).Reason));
        Assert.Equal(stored.Hash, open.Hash);
    }

    [Fact]
    public async Task The_same_record_sent_twice_is_written_once()
    {
        await AppendAsync(Denied("a", Reason));
        await AppendAsync(Denied("a", Reason));
        Assert.Single(await _stored.All());
    }

    [Fact]
    public async Task The_same_text_looks_different_in_each_record()
    {
        await AppendAsync(Denied("a", Reason));
        await AppendAsync(Denied("b", Reason), 1);
        var stored = await _stored.All();
        Assert.Equal(4, stored.SelectMany(r => new[] { r.Actor.Name, ((ChangeDenied)r.Event).Reason }).Distinct().Count());
    }

    [Fact]
    public async Task A_forgotten_person_reads_as_erased_and_every_proof_holds()
    {
        await AppendAsync(Denied("a", Reason));
        await AppendAsync(Denied("b", "Bob was here") with { Actor = new Actor("local", "bob", "Bob") }, 1);
        var files = new ProofFiles(_folder.In("log.db"));
        using var keeper = await CheckpointSigner.OpenAsync(
            _stored,
            new KeyFiles(files.Log),
            files.Tree,
            [new FileCheckpointSink(files.Checkpoints)],
            KeeperOptions.Default,
            TimeProvider.System,
            SentenceLog.To(Assert.Fail),
            default
        );
        await keeper.CheckpointAsync(default);
        await ForgetAsync(Ann);

        var read = await _log.All();
        Assert.Equal(
            (Ann.Id, SealedText.Erased, SealedText.Erased),
            (read[0].Actor.Id, read[0].Actor.Name, ((ChangeDenied)read[0].Event).Reason)
        );
        Assert.Equal(("Bob", "Bob was here"), (read[1].Actor.Name, ((ChangeDenied)read[1].Event).Reason));
        await keeper.CheckpointAsync(default);
        var verdict = await keeper.VerifyAsync(null, default);
        Assert.Equal((null, 3, 2), (verdict.Fault, verdict.Records, verdict.Checkpoints));
    }

    [Fact]
    public async Task The_key_is_nowhere_in_the_file_of_keys_any_more_and_so_is_the_name()
    {
        await AppendAsync(Denied("a", Reason));
        var secret = (await _people.OfAsync(Ann, default)).Secret.ToArray();
        Assert.True((await File.ReadAllBytesAsync(_folder.In("log.people"))).AsSpan().IndexOf(secret) >= 0);
        await ForgetAsync(Ann);
        foreach (var file in Directory.GetFiles(_folder.Path, "log.people*"))
        {
            var bytes = await File.ReadAllBytesAsync(file);
            Assert.True(bytes.AsSpan().IndexOf(secret) < 0);
            Assert.True(bytes.AsSpan().IndexOf("Ann"u8) < 0);
        }
    }

    [Fact]
    public async Task A_process_without_keys_reads_ids_for_names_and_writes_steps_of_ours_only()
    {
        await AppendAsync(Denied("a", Reason));
        using var keyless = new ErasableLog(_stored, keys: null);
        var read = Assert.Single(await keyless.All());
        Assert.Equal((Ann.Id, Ann.Id, SealedText.Kept), (read.Actor.Id, read.Actor.Name, ((ChangeDenied)read.Event).Reason));
        await Assert.ThrowsAsync<InvalidOperationException>(() => keyless.AppendAsync(Gw1, 1, [Denied("b", Reason)], default));
        Assert.IsType<AppendResult.Appended>(
            await keyless.AppendAsync(Gw1, 1, [Denied("b", "by itself") with { Actor = Actor.Reconcile }], default)
        );

        // Whoever is forgotten, it destroys nothing and says the same.
        await ForgetAsync(Ann);
        Assert.Equal(Ann.Id, (await keyless.All())[0].Actor.Name);
    }

    [Fact]
    public async Task A_key_that_outlived_a_crash_is_destroyed_when_the_log_is_read()
    {
        await AppendAsync(Denied("a", Reason));
        var key = (await _people.OfAsync(Ann, default)).Id;

        // As if the process had died between the event and the destruction.
        await LogStream.WriteAsync(
            _stored,
            new Origin("x", Actor.Configuration),
            new PersonForgotten("local", "ann", [key]),
            Noon,
            default
        );
        Assert.NotNull(await _people.FindAsync(key, default));
        await _log.All();
        Assert.Null(await _people.FindAsync(key, default));
        Assert.Equal(SealedText.Erased, (await _log.All())[0].Actor.Name);
    }

    [Fact]
    public async Task Who_comes_back_has_a_new_key_and_the_old_texts_stay_closed()
    {
        await AppendAsync(Denied("a", Reason));
        await ForgetAsync(Ann);
        await AppendAsync(Denied("b", "back again"), 1);
        var read = await _log.All();
        Assert.Equal([SealedText.Erased, "back again"], read.Select(r => r.Event).OfType<ChangeDenied>().Select(e => e.Reason));
    }

    [Theory]
    [InlineData("sealed:v1:AAAAAAAAAAAAAAAA:AAAA")]
    [InlineData("sealed:v1:")]
    [InlineData("(erased)")]
    [InlineData("")]
    public async Task Whatever_a_person_writes_comes_out_as_it_was(string text)
    {
        await AppendAsync(Denied("a", text) with { Actor = Ann with { Name = $"x{text}" } });
        var read = Assert.Single(await _log.All());
        Assert.Equal((text, $"x{text}"), (((ChangeDenied)read.Event).Reason, read.Actor.Name));
    }

    [Fact]
    public async Task A_sealed_text_of_another_record_is_not_opened_here()
    {
        await AppendAsync(Denied("a", Reason));
        var moved = Assert.Single(await _stored.All());
        await _stored.AppendAsync(Gw1, 1, [new NewRecord("b", Noon, moved.Actor, null, null, moved.Event)], default);
        var read = (await _log.All())[1];
        Assert.Equal((SealedText.Erased, SealedText.Erased), (read.Actor.Name, ((ChangeDenied)read.Event).Reason));
    }

    [Fact]
    public async Task Records_from_before_names_were_sealed_are_read_as_ever()
    {
        await _stored.AppendAsync(Gw1, 0, [Denied("a", Reason)], default);
        Assert.Equal((Ann, Reason), ((await _log.All())[0].Actor, ((ChangeDenied)(await _log.All())[0].Event).Reason));
    }

    [Fact]
    public async Task Steps_of_ours_are_not_sealed()
    {
        await AppendAsync(Denied("a", "by itself") with { Actor = Actor.Reconcile });
        Assert.Equal("reconcile", Assert.Single(await _stored.All()).Actor.Name);
        Assert.Empty(await _people.KnownAsync(default));
    }

    [Fact]
    public void Only_the_owner_reads_the_keys() =>
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_folder.In("log.people")));

    [Fact]
    public async Task A_state_that_forgets_is_the_state_that_is_folded_anew()
    {
        var proposed = new ChangeProposed(1, "vm add vm2 10.1.0.2", Reason, [], new string('a', 64), new Approvals(1, "approver"));
        await AppendAsync(new NewRecord("a", Noon, Ann, null, null, proposed));
        await AppendAsync(new NewRecord("b", Noon, Ann, null, null, new ChangeDenied(1, Reason)), 1);
        var before = await FoldAsync();
        await ForgetAsync(Ann);
        var (after, anew) = (before.Without((PersonForgotten)(await _log.All())[^1].Event).Changes[1], (await FoldAsync()).Changes[1]);
        Assert.Equal((anew.By, anew.Reason, anew.Status), (after.By, after.Reason, after.Status));
        Assert.Equal(SealedText.Erased, after.Reason);
    }

    private async Task<GatewayState> FoldAsync() =>
        (await _log.Stream(Gw1)).Aggregate(GatewayState.Initial(Text.Parse<Name<Gateway>>("gw1")), (s, r) => s.With(r));

    private static NewRecord Denied(string id, string reason) => new(id, Noon, Ann, null, null, new ChangeDenied(1, reason));

    private async Task AppendAsync(NewRecord record, long version = 0) =>
        Assert.IsType<AppendResult.Appended>(await _log.AppendAsync(Gw1, version, [record], default));

    private async Task ForgetAsync(Actor person)
    {
        var known = (await _people.KnownAsync(default)).Single(k => k.Person.IsSameAs(person));
        await LogStream.WriteAsync(
            _log,
            new Origin($"forget-{person.Id}", Actor.Configuration),
            new PersonForgotten(person.Platform, person.Id, [known.Key]),
            Noon,
            default
        );
    }
}
