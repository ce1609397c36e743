using System.Text.RegularExpressions;

namespace ChatOps.Lab;

/// <summary>
/// From nothing to an open port on a machine of one's own. Nothing of the lab is used but its machines: the edition runs on the public
/// side, where it reaches gateways as anybody does, and the machine is a Debian that has never seen us.
/// </summary>
[Collection(nameof(Lab))]
[Trait("lab", "installed")]
public sealed partial class OwnGatewayTests : IAsyncLifetime
{
    private const string Machine = "203.0.113.20";

    private readonly string _folder = Directory.CreateTempSubdirectory("chatops-own-").FullName;

    public async Task InitializeAsync()
    {
        Directory.CreateDirectory(In("bin"));
        await RunAsync("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", In("me"));

        // What stands in somebody's ~/.ssh: their key, and here also that a new machine's key is taken without a question.
        await File.WriteAllTextAsync(In("bin/ssh"), $"#!/bin/sh\nexec /usr/bin/ssh -F {In("config")} \"$@\"\n");
        File.SetUnixFileMode(In("bin/ssh"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        await ConfigureAsync(port: 22);
        (await Lab.CallAsync("bare", "gw2", In("me.pub"))).Succeeded();
    }

    public async Task DisposeAsync()
    {
        (await Lab.CallAsync("off", "gw2")).Succeeded();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task The_printed_line_makes_a_fresh_machine_a_gateway_and_the_line_that_comes_back_adds_it()
    {
        var line = await MadeAsync(port: 22);
        Assert.Matches($"^gateway add gw1 {Machine},2001:db8::20 key SHA256:", line);

        await OpensAsync(line);
        await TakenAwayAsync();
    }

    [Fact]
    public async Task Sshd_may_listen_on_another_port()
    {
        (
            await Lab.ExecAsync("gw2", "sh", "-ec", "echo 'Port 2222' >/etc/ssh/sshd_config.d/05-port.conf; systemctl restart ssh")
        ).Succeeded();

        var line = await MadeAsync(port: 2222);
        Assert.Matches($"^gateway add gw1 {Machine},2001:db8::20 ssh 2222 key SHA256:", line);

        await OpensAsync(line);
    }

    [Fact]
    public async Task A_gateway_may_be_behind_a_name()
    {
        await File.WriteAllTextAsync(In("hosts"), $"127.0.0.1 localhost\n{Machine} edge.example.net\n");

        var line = (await MadeAsync(port: 22)).Replace(
            " key ",
            " ssh edge.example.net wireguard 10.9.0.1/24:51821 key ",
            StringComparison.Ordinal
        );
        await OpensAsync(line);

        await SaidAsync("admin: gateway change gw1 ssh edge.example.net:2022", "approver: approve 4", expected: 1);
        var said = await SaidAsync("operator: vm change vm2 400::100:0:0:3", "approver: approve 5", "gateways");
        Assert.Contains("edge.example.net", said, StringComparison.Ordinal);
        Assert.StartsWith("vm3 saw ", await Lab.CurlAsync($"http://{Machine}/"), StringComparison.Ordinal);

        said = await SaidAsync("admin: gateway remove gw1", "approver: approve 6", "gateways");
        Assert.Contains("1 open endpoint leads through it, and stays open on the machine: tcp 80", said, StringComparison.Ordinal);
        Assert.Contains("no gateway yet.", said, StringComparison.Ordinal);
    }

    // What is in the README under "Your own gateway", as it is typed.
    private async Task OpensAsync(string line)
    {
        await SaidAsync(
            $"admin: {line}",
            "approver: approve 1",
            "operator: vm add vm2 400::100:0:0:2",
            "approver: approve 2",
            "operator: expose vm2:8080 on 80",
            "approver: approve 3"
        );
        Assert.StartsWith("vm2 saw ", await Lab.CurlAsync($"http://{Machine}/"), StringComparison.Ordinal);
        Assert.StartsWith("vm2 saw ", await Lab.CurlAsync("http://[2001:db8::20]/"), StringComparison.Ordinal);
    }

    private async Task TakenAwayAsync()
    {
        await RunAsync("sh", "-ec", $"ssh root@{Machine} sh -s <infra/gateway/uninstall");
        Assert.Null(await Lab.GlanceAsync($"http://{Machine}/"));
        var left = await Lab.ExecAsync(
            "gw2",
            "sh",
            "-c",
            "ls -d /var/lib/chatops* /etc/sudoers.d/chatops /usr/local/sbin/chatops-gateway; getent passwd chatops; nft list tables"
        );
        Assert.Equal("", left.Text.Trim());
    }

    // The last line that the printed line brings back.
    private async Task<string> MadeAsync(int port)
    {
        var said = await SaidAsync("gateways");
        Assert.Contains("There is no gateway yet.", said, StringComparison.Ordinal);
        var line = PackLine().Match(said);
        Assert.True(line.Success, said);
        await ConfigureAsync(port);
        var made = await RunAsync("sh", "-ec", line.Value.Trim().Replace("ADDRESS", Machine, StringComparison.Ordinal));
        return made.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1];
    }

    // A start of the edition in the checkout, as ./run --own does it; it ends with its input.
    private Task<string> SaidAsync(params string[] lines) => SaidAsync(lines, 0);

    private Task<string> SaidAsync(string first, string second, int expected) => SaidAsync([first, second], expected);

    private async Task<string> SaidAsync(string[] lines, int expected)
    {
        await File.WriteAllLinesAsync(In("lines"), lines);
        var edition = $"dotnet {Path.Combine(AppContext.BaseDirectory, "chatops.dll")} --own --data {In("own")} <{In("lines")}";
        var named = File.Exists(In("hosts")) ? $"mount --bind {In("hosts")} /etc/hosts; " : "";
        var output = await Lab.ExecAsync("client", "unshare", "--mount", "sh", "-ec", $"{named}cd {Lab.Root()}; {edition}");
        Assert.True(output.Code == expected, $"exit {output.Code}: {output.Text}{output.Error}");
        return output.Text;
    }

    private async Task<string> RunAsync(params string[] command) =>
        (
            await Lab.ExecAsync(
                "client",
                ["env", "--chdir", Lab.Root(), $"PATH={In("bin")}:{Environment.GetEnvironmentVariable("PATH")}", .. command]
            )
        )
            .Succeeded()
            .Text;

    private Task ConfigureAsync(int port) =>
        File.WriteAllTextAsync(
            In("config"),
            $"Host {Machine}\n  Port {port}\n  IdentityFile {In("me")}\n  IdentitiesOnly yes\n  StrictHostKeyChecking no\n  UserKnownHostsFile {In("known_hosts")}\n"
        );

    private string In(string name) => Path.Combine(_folder, name);

    [GeneratedRegex(@"^  \S*pack --authorized-key \S+ \| ssh root@ADDRESS sh -s -- --name gw1$", RegexOptions.Multiline)]
    private static partial Regex PackLine();
}
