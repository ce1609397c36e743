using ChatOps.Specs.Conventions;

namespace ChatOps.Specs.Infra;

public sealed class PackSpecs : IDisposable
{
    private const string PublicKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBmVlAExampleOfAKeyThatNobodyHasInTheWorld01 chatops";
    private static readonly string Pack = Path.Combine(Checkout.Root, "infra", "gateway", "pack");
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_same_files_give_the_same_script_and_a_shell_can_read_it()
    {
        var first = await PackedAsync(PublicKey);
        Assert.Equal(first.Output, (await PackedAsync(PublicKey)).Output);
        var script = _folder.In("gateway.sh");
        await File.WriteAllTextAsync(script, first.Output);
        var read = await Script.RunAsync("sh", ["-n", script]);
        Assert.True(read.Exit == 0, read.Errors);
    }

    [Fact]
    public async Task A_private_key_is_never_packed()
    {
        var packed = await PackedAsync("-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----");
        Assert.Equal((1, ""), (packed.Exit, packed.Output));
        Assert.Contains("is a private key. Next: give its public half", packed.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Everything_that_install_puts_on_a_gateway_is_in_the_script()
    {
        var script = _folder.In("gateway.sh");
        await File.WriteAllTextAsync(script, (await PackedAsync(PublicKey)).Output);
        var lines = (await File.ReadAllLinesAsync(script))
            .SkipWhile(l => !l.EndsWith("<<'FILES'", StringComparison.Ordinal))
            .Skip(1)
            .TakeWhile(l => l != "FILES");
        await File.WriteAllBytesAsync(_folder.In("files.tar.gz"), Convert.FromBase64String(string.Concat(lines)));
        var listed = await Script.RunAsync("tar", ["-tzf", _folder.In("files.tar.gz")]);
        var here = Path.GetDirectoryName(Pack)!;
        var wanted = Directory
            .EnumerateFiles(here, "*", SearchOption.AllDirectories)
            .Select(f => Path.GetRelativePath(here, f))
            .Except(["README.md", "build", "pack", "uninstall"])
            .Append("controller.pub")
            .Append("chatops-gateway");
        Assert.Equal(
            wanted.Order(StringComparer.Ordinal),
            listed.Output.Split('\n').Where(n => n.Length > 0 && !n.EndsWith('/')).Order(StringComparer.Ordinal)
        );
    }

    private async Task<Script> PackedAsync(string key)
    {
        await File.WriteAllTextAsync(_folder.In("key"), key + "\n");
        return await Script.RunAsync(Pack, ["--authorized-key", _folder.In("key")]);
    }
}
