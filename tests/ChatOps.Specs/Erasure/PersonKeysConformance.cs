using ChatOps.Core.Application.Ports;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Specs.Erasure;

/// <summary>What every store of people's keys does.</summary>
public abstract class PersonKeysConformance
{
    private static readonly Actor Ann = new("local", "ann", "Ann");
    private static readonly Actor Bob = new("local", "bob", "Bob");

    /// <summary>Opens the store once more, as another process does.</summary>
    protected abstract IPersonKeys Open();

    [Fact]
    public async Task A_person_has_one_key_in_every_process()
    {
        var (one, other) = (Open(), Open());
        var made = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => (i % 2 == 0 ? one : other).OfAsync(Ann, default).AsTask()));
        Assert.Single(made.Select(k => k.Id).Distinct());
        Assert.NotEqual(made[0].Id, (await other.OfAsync(Bob, default)).Id);
        Assert.Equal(made[0].Secret.ToArray(), (await Open().FindAsync(made[0].Id, default))!.Secret.ToArray());
        Assert.Null(await one.FindAsync("AAAAAAAAAAAAAAAA", default));
    }

    [Fact]
    public async Task The_last_name_is_known()
    {
        var key = await Open().OfAsync(Ann, default);
        Assert.Equal(key.Id, (await Open().OfAsync(Ann with { Name = "Ann Other" }, default)).Id);
        var known = Assert.Single(await Open().KnownAsync(default));
        Assert.Equal((Ann with { Name = "Ann Other" }, key.Id), (known.Person, known.Key));
    }

    [Fact]
    public async Task What_is_destroyed_is_gone_and_who_comes_back_has_another_key()
    {
        var (one, other) = (Open(), Open());
        var (ann, bob) = (await one.OfAsync(Ann, default), await one.OfAsync(Bob, default));
        await other.DestroyAsync([ann.Id, "AAAAAAAAAAAAAAAA"], default);
        Assert.Null(await other.FindAsync(ann.Id, default));
        Assert.Null(await Open().FindAsync(ann.Id, default));
        Assert.Equal(bob.Id, Assert.Single(await one.KnownAsync(default)).Key);
        Assert.NotEqual(ann.Id, (await one.OfAsync(Ann, default)).Id);
        Assert.Equal(bob.Id, (await other.OfAsync(Bob, default)).Id);
    }
}
