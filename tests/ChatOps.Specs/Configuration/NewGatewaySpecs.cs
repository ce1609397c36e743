using ChatOps.Delivery.Ssh;
using ChatOps.Local;

namespace ChatOps.Specs.Configuration;

public sealed class NewGatewaySpecs
{
    [Fact]
    public void In_the_checkout_the_line_is_short_and_ready_to_paste()
    {
        using var checkout = new TempFolder();
        var pack = Made(checkout.In("infra/gateway/pack"));
        var program = Directory.CreateDirectory(checkout.In(".run/app")).FullName;
        var key = ControllerKey.MakeOrLoad(checkout.In(".run/own/ssh"));

        Assert.Equal(
            "infra/gateway/pack --authorized-key .run/own/ssh/id_ed25519.pub | ssh root@ADDRESS sh -s -- --name gw1",
            new NewGateway(key, program, checkout.Path).Line
        );
        Assert.Equal(pack, GatewayFiles.Pack(program, "/var/lib"));
    }

    [Fact]
    public void Where_it_was_installed_the_files_lie_beside_the_program()
    {
        using var installed = new TempFolder();
        var pack = Made(installed.In("gateway/pack"));

        Assert.Equal(pack, GatewayFiles.Pack(installed.Path, "/var/lib"));
    }

    [Fact]
    public void Of_a_service_the_line_can_be_pasted_anywhere()
    {
        using var installed = new TempFolder();
        var pack = Made(installed.In("gateway/pack"));
        var key = ControllerKey.MakeOrLoad(installed.In("ssh"));

        Assert.StartsWith(
            $"{pack} --authorized-key {installed.In("ssh/id_ed25519.pub")} | ssh ",
            new NewGateway(key, installed.Path, working: null).Line,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Paths_with_spaces_are_quoted()
    {
        using var folder = new TempFolder();
        Made(folder.In("my tools/gateway/pack"));
        var key = ControllerKey.MakeOrLoad(folder.In("it's here"));

        Assert.StartsWith(
            "'my tools/gateway/pack' --authorized-key 'it'\\''s here/id_ed25519.pub' | ssh ",
            new NewGateway(key, folder.In("my tools"), folder.Path).Line,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_newcomer_reads_the_public_key_and_never_the_private_one()
    {
        using var folder = new TempFolder();
        var key = ControllerKey.MakeOrLoad(folder.Path);

        var text = new NewGateway(key, folder.Path, folder.Path).Text;
        Assert.Contains(key.PublicKey, text, StringComparison.Ordinal);
        Assert.Contains("gateway add gw1 ADDRESS", text, StringComparison.Ordinal);
        foreach (var line in File.ReadAllLines(folder.In("id_ed25519")))
            Assert.DoesNotContain(line, text, StringComparison.Ordinal);
    }

    private static string Made(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, "");
        return path;
    }
}
