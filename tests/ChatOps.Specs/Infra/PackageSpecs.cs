using ChatOps.Bot.Configuration;
using ChatOps.Local;
using ChatOps.Local.Serving;
using ChatOps.Specs.Conventions;

namespace ChatOps.Specs.Infra;

/// <summary>What can be said of the package without making it; the lab's PackageTests install it.</summary>
public sealed class PackageSpecs
{
    private static readonly string Folder = Path.Combine(Checkout.Root, "infra", "package");

    [Fact]
    public void The_package_puts_things_where_the_program_looks_for_them()
    {
        var settings = Path.GetDirectoryName(ServeSettings.UsualFile)!;
        var account = Path.GetFileName(ServeSettings.UsualData);
        var unit = Lines("chatops.service");
        Assert.Contains($"StateDirectory={account}", unit);
        Assert.Contains($"User={account}", unit);
        Assert.Contains($"ReadWritePaths={Path.GetDirectoryName(SocketFile.Usual)}", unit);
        Assert.Contains($"EnvironmentFile=-{settings}/environment", unit);
        Assert.Contains($"d {Path.GetDirectoryName(SocketFile.Usual)} 2750 {account} chatops-users -", Lines("tmpfiles.conf"));
        Assert.Contains($"account={account}", Lines("postinst"));
        Assert.Contains($"account={account}", Lines("postrm"));
        Assert.Equal("/etc/" + account, settings);
    }

    [Fact]
    public void No_name_of_the_package_is_one_of_a_gateway()
    {
        var gateway = string.Join(
            '\n',
            Directory.GetFiles(Path.Combine(Checkout.Root, "infra", "gateway"), "*", SearchOption.AllDirectories).Select(File.ReadAllText)
        );
        foreach (
            var name in new[]
            {
                ServeSettings.UsualData,
                Path.GetDirectoryName(ServeSettings.UsualFile)!,
                Path.GetDirectoryName(SocketFile.Usual)!,
                "chatops.service",
                "tmpfiles.d/chatops-server.conf",
            }
        )
            Assert.DoesNotContain(name, gateway, StringComparison.Ordinal);
    }

    [Fact]
    public void In_the_policy_that_comes_with_it_root_is_the_one_person()
    {
        var policy = PolicyFile.Load(Path.Combine(Folder, "policy.json"));
        Assert.Equal("admin", Assert.Single(policy.Users).Actor.Name);
        Assert.Empty(policy.Policy.Rules);
        Assert.NotNull(
            ServeSettings.Read(ServeSettings.Collect(Path.Combine(Folder, "chatops.json"), new Dictionary<string, string?>()), null)
        );
    }

    private static string[] Lines(string name) => File.ReadAllLines(Path.Combine(Folder, name));
}
