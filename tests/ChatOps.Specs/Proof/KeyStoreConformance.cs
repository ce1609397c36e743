using ChatOps.Core.Application.Ports;

namespace ChatOps.Specs.Proof;

/// <summary>What every store of keys does.</summary>
public abstract class KeyStoreConformance
{
    /// <summary>The store.</summary>
    protected abstract IKeyStore Store { get; }

    [Fact]
    public async Task The_first_that_is_made_stays_until_another_is_written()
    {
        Assert.Null(await Store.ReadAsync("key", default));
        Assert.Equal("one", await Store.MakeAsync("key", "one", default));
        Assert.Equal("one", await Store.MakeAsync("key", "two", default));
        await Store.WriteAsync("key", "three", default);
        Assert.Equal(("three", null), (await Store.ReadAsync("key", default), await Store.ReadAsync("vkey", default)));
        await Store.DeleteAsync("key", default);
        await Store.DeleteAsync("key", default);
        Assert.Null(await Store.ReadAsync("key", default));
    }
}
