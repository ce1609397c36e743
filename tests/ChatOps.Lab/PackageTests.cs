using System.Text.Json;
using System.Text.RegularExpressions;

namespace ChatOps.Lab;

/// <summary>
/// The Debian package under a real systemd, as docs/service.md says it is used: gw2 is a Debian that has never seen us and has no .NET, and
/// becomes the controller; gw1 is another one, and becomes its gateway by the line that the journal says.
/// </summary>
[Collection(nameof(Lab))]
[Trait("lab", "installed")]
[Trait("needs", "package")]
public sealed partial class PackageTests : IAsyncLifetime
{
    private const string Settings = "/etc/chatops-server";
    private const string Data = "/var/lib/chatops-server";
    private const string Policy =
        """{ "users": [{ "id": "al", "roles": ["operator", "admin"], "unix": "alice" }, { "id": "bo", "roles": ["approver"], "unix": "bob" }] }""";

    private readonly string _folder = Directory.CreateTempSubdirectory("chatops-package-").FullName;

    private static string Package => Assert.Single(Directory.GetFiles(Path.Combine(Lab.Root(), ".run", "package"), "chatops_*_amd64.deb"));

    public async Task InitializeAsync() => await HereAsync("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", In("me"));

    public async Task DisposeAsync()
    {
        (await Lab.CallAsync("off", "gw2")).Succeeded();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Installed_it_does_the_main_job_and_neither_kills_nor_a_reboot_nor_an_upgrade_lose_anything()
    {
        foreach (var machine in new[] { "gw1", "gw2" })
            (await Lab.CallAsync("bare", machine, In("me.pub"))).Succeeded();
        Assert.NotEqual(0, (await RootAsync("sh", "-c", "command -v dotnet")).Code);
        await InstalledAsync(Package);
        foreach (
            var (person, group) in new[]
            {
                ("alice", "chatops-users"),
                ("bob", "chatops-users"),
                ("carol", "chatops-users"),
                ("dave", "users"),
            }
        )
            (await RootAsync("useradd", "--create-home", "--groups", group, person)).Succeeded();

        await AWrongSettingIsNotTriedAgainAsync();

        // It has started when it answers. Who says a line is the account that the kernel names: one may not, one is nobody, one does not
        // get at the socket.
        (await RootAsync("systemctl", "start", "chatops")).Succeeded();
        (await AsAsync("alice", "status")).Succeeded();
        await ProposedAsync(1, await MadeAGatewayAsync());
        await RefusedAsync("alice", "someone else", "approve", "1");
        await RefusedAsync("carol", "carol", "status");
        await RefusedAsync("dave", "adduser ACCOUNT chatops-users", "status");

        await ApprovedAsync(1);
        await ProposedAsync(2, "vm", "add", "vm2", "400::100:0:0:2");
        await ApprovedAsync(2);
        await ProposedAsync(3, "say", "expose vm2:8080 on 80 because \"launch of the shop\"");
        await ApprovedAsync(3);
        await ServedAsync(80);

        // Each comes when a change is accepted and on its way.
        await AcceptedAsync(4, port: 81);
        (await RootAsync("systemctl", "kill", "--signal=KILL", "chatops")).Succeeded();
        await AppliedAsync(4, port: 81);
        Assert.Equal("1", await PropertyAsync("NRestarts"));

        await AcceptedAsync(5, port: 82);
        (await Lab.CallAsync("reboot", "gw2")).Succeeded();
        await AppliedAsync(5, port: 82);

        await AcceptedAsync(6, port: 83);
        var newer = await NewerAsync();
        await InstalledAsync(newer);
        await AppliedAsync(6, port: 83);
        Assert.Equal("9.9.9-4-g0123456", (await AsAsync("alice", "--version")).Succeeded().Text.Trim());
        Assert.Contains("9.9.9-4-g0123456 serves", await JournalAsync(), StringComparison.Ordinal);
        Assert.Equal("9.9.9+4+g0123456", (await RootAsync("dpkg-query", "--show", "--showformat=${Version}", "chatops")).Text);
        Assert.Equal(Policy, (await RootAsync("cat", $"{Settings}/policy.json")).Text);

        await WhatHangsIsStartedAgainAsync();

        Assert.Contains("the log is whole", (await AsAsync("alice", "audit", "verify")).Succeeded().Text, StringComparison.Ordinal);
        foreach (var port in new[] { 80, 81, 82, 83 })
            await ServedAsync(port);
        await GoneAsync();
    }

    [Fact]
    public async Task It_goes_onto_a_gateway_and_away_again_and_leaves_what_is_the_gateways()
    {
        (await Lab.CallAsync("fresh", "gw2")).Succeeded();
        var before = await OfTheGatewayAsync();
        await InstalledAsync(Package);
        (await RootAsync("systemctl", "start", "chatops")).Succeeded();
        (await RootAsync("chatops", "status")).Succeeded();
        Assert.Equal(before, await OfTheGatewayAsync());

        // What its administrator has put there is not the package's, but for the file of which the documentation speaks.
        (await RootAsync("touch", $"{Settings}/environment", $"{Settings}/certificate")).Succeeded();
        (await RootAsync("dpkg", "--purge", "chatops")).Succeeded();
        Assert.Equal("certificate", (await RootAsync("ls", Settings)).Text.Trim());
        Assert.Equal(before, await OfTheGatewayAsync());
        (await RootAsync("env", "SSH_ORIGINAL_COMMAND=drift", "/usr/local/sbin/chatops-gateway")).Succeeded();
    }

    private static async Task AWrongSettingIsNotTriedAgainAsync()
    {
        await WriteAsync($"{Settings}/policy.json", "{");
        Assert.NotEqual(0, (await RootAsync("systemctl", "start", "chatops")).Code);
        Assert.Equal(
            ("failed", "2", "0"),
            (await PropertyAsync("ActiveState"), await PropertyAsync("ExecMainStatus"), await PropertyAsync("NRestarts"))
        );
        Assert.Contains($"{Settings}/policy.json: ", await JournalAsync(), StringComparison.Ordinal);
        await WriteAsync($"{Settings}/policy.json", Policy);
    }

    private static async Task WhatHangsIsStartedAgainAsync()
    {
        (
            await RootAsync(
                "sh",
                "-ec",
                "mkdir /run/systemd/system/chatops.service.d; printf '[Service]\\nWatchdogSec=5\\nTimeoutAbortSec=1\\n' >/run/systemd/system/chatops.service.d/soon.conf; systemctl daemon-reload; systemctl restart chatops"
            )
        ).Succeeded();
        var hung = await PropertyAsync("MainPID");
        (await RootAsync("kill", "-STOP", hung)).Succeeded();
        await Eventually.TrueAsync(async () => await PropertyAsync("MainPID") != hung && (await AsAsync("alice", "status")).Code == 0);
        Assert.Contains("Watchdog timeout", await JournalAsync(), StringComparison.Ordinal);
        (
            await RootAsync("sh", "-ec", "rm -r /run/systemd/system/chatops.service.d; systemctl daemon-reload; systemctl restart chatops")
        ).Succeeded();
    }

    // Stopped in order, nobody is there; removed, the log stays; purged, nothing of it does.
    private static async Task GoneAsync()
    {
        (await RootAsync("systemctl", "stop", "chatops")).Succeeded();
        Assert.Equal("success", await PropertyAsync("Result"));
        Assert.Equal(2, (await AsAsync("alice", "status")).Code);
        (await RootAsync("systemctl", "start", "chatops")).Succeeded();
        (await RootAsync("dpkg", "--remove", "chatops")).Succeeded();
        Assert.NotEqual(0, (await RootAsync("systemctl", "is-active", "chatops")).Code);
        (await RootAsync("test", "-f", $"{Data}/log.db")).Succeeded();
        (await RootAsync("dpkg", "--purge", "chatops")).Succeeded();
        var left = await RootAsync(
            "sh",
            "-c",
            "ls -d /etc/chatops* /var/lib/chatops* /run/chatops* /usr/lib/chatops /usr/bin/chatops; getent passwd chatops-server; getent group chatops-server chatops-users; find /etc/systemd -name 'chatops*'"
        );
        Assert.Equal("", left.Text.Trim());
    }

    // The line of the journal, as it is pasted into root's shell; what is to be said in the chat.
    private async Task<string[]> MadeAGatewayAsync()
    {
        var line = PackLine().Match(await JournalAsync());
        Assert.True(line.Success, await JournalAsync());
        await PutAsync(In("me"), "/root/.ssh/id_ed25519");
        await WriteAsync("/root/.ssh/config", "StrictHostKeyChecking no\n");
        (await RootAsync("chmod", "600", "/root/.ssh/id_ed25519")).Succeeded();
        var made = (await RootAsync("sh", "-ec", line.Value.Replace("ADDRESS", Lab.Gw1V4, StringComparison.Ordinal))).Succeeded();
        var said = made.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1];
        Assert.StartsWith($"gateway add gw1 {Lab.Gw1V4}", said, StringComparison.Ordinal);
        return said.Split(' ');
    }

    // The same program under a later version.
    private async Task<string> NewerAsync()
    {
        await HereAsync("dpkg-deb", "--raw-extract", Package, In("tree"));
        await HereAsync("sed", "-i", "s/^Version: .*/Version: 9.9.9+4+g0123456/", In("tree/DEBIAN/control"));
        await File.WriteAllTextAsync(In("tree/usr/lib/chatops/version.txt"), "9.9.9-4-g0123456\n");
        await HereAsync("dpkg-deb", "--root-owner-group", "-Znone", "--build", In("tree"), In("newer.deb"));
        return In("newer.deb");
    }

    private static async Task InstalledAsync(string package)
    {
        await PutAsync(package, "/root/chatops.deb");
        (await RootAsync("env", "DEBIAN_FRONTEND=noninteractive", "dpkg", "--install", "/root/chatops.deb")).Succeeded();
    }

    private static async Task PutAsync(string file, string path)
    {
        var root = Path.Combine(Path.GetDirectoryName(Lab.Json)!, "gw2", "root");
        await using var from = File.OpenRead(file);
        await using var to = File.Create(root + path);
        await from.CopyToAsync(to);
    }

    // Over what is there, so that owner and mode stay.
    private static async Task WriteAsync(string path, string text) =>
        (await RootAsync("sh", "-c", "printf '%s' \"$1\" >\"$2\"", "sh", text, path)).Succeeded();

    private static async Task HereAsync(params string[] command) => (await Lab.ExecAsync("client", command)).Succeeded();

    private static Task<Output> RootAsync(params string[] command) => Lab.ExecAsync("gw2", command);

    private static Task<Output> AsAsync(string person, params string[] line) =>
        Lab.ExecAsync("gw2", ["runuser", "-u", person, "--", "chatops", .. line]);

    private static async Task ProposedAsync(int number, params string[] line)
    {
        var proposed = await AsAsync("alice", line);
        Assert.True(
            proposed.Code == 0 && proposed.Text.StartsWith($"#{number} ", StringComparison.Ordinal),
            proposed.Text + proposed.Error + await JournalAsync()
        );
    }

    private static async Task RefusedAsync(string person, string why, params string[] line)
    {
        var refused = await AsAsync(person, line);
        Assert.True(
            refused.Code == 1 && (refused.Text + refused.Error).Contains(why, StringComparison.Ordinal),
            $"exit {refused.Code}: {refused.Text}{refused.Error}"
        );
    }

    private static async Task ApprovedAsync(int number)
    {
        var approved = await AsAsync("bob", "approve", $"{number}", "--wait");
        Assert.True(
            approved.Code == 0 && approved.Text.Contains("confirmed", StringComparison.Ordinal),
            approved.Text + approved.Error + await JournalAsync()
        );
    }

    private static async Task AcceptedAsync(int number, int port)
    {
        await ProposedAsync(number, "expose", "vm2:8080", "on", $"{port}");
        (await AsAsync("bob", "approve", $"{number}")).Succeeded();
    }

    // Once, however often it was begun.
    private static async Task AppliedAsync(int number, int port)
    {
        await Eventually.TrueAsync(async () => (await StoryAsync(number, port)).Contains("applied"));
        Assert.Equal(
            ["applied", "approved", "proposed"],
            (await StoryAsync(number, port)).Where(w => w is "proposed" or "approved" or "applied")
        );
    }

    // The newest first; empty as long as nobody answers.
    private static async Task<string[]> StoryAsync(int number, int port)
    {
        var audit = await AsAsync("alice", "audit", "port", $"{port}", "--json");
        if (audit.Code != 0)
            return [];
        using var json = JsonDocument.Parse(audit.Text);
        var lines = json.RootElement.GetProperty("data").GetProperty("lines").EnumerateArray();
        return [.. lines.Where(l => l.GetProperty("change").ToString() == $"{number}").Select(l => l.GetProperty("what").ToString())];
    }

    private static async Task ServedAsync(int port) =>
        Assert.Equal("vm2 saw 400::100:0:0:1", await Lab.CurlAsync($"http://{Lab.Gw1V4}:{port}/"));

    private static async Task<string> PropertyAsync(string name) =>
        (await RootAsync("systemctl", "show", "--value", $"--property={name}", "chatops")).Succeeded().Text.Trim();

    // Whose each is, and who may do what with it.
    private static async Task<string> OfTheGatewayAsync() =>
        (
            await RootAsync(
                "sh",
                "-ec",
                "find /etc/chatops /var/lib/chatops /run/chatops /usr/local/lib/chatops /etc/systemd/system -printf '%p %u %g %m\\n' | grep -v chatops.service | sort; getent passwd chatops; systemctl is-enabled chatops-boot"
            )
        )
            .Succeeded()
            .Text;

    private static async Task<string> JournalAsync() =>
        (await RootAsync("journalctl", "--unit", "chatops", "--no-pager", "--output=cat", "--lines", "60")).Text;

    private string In(string name) => Path.Combine(_folder, name);

    [GeneratedRegex(@"/usr/lib/chatops/gateway/pack --authorized-key \S+ \| ssh root@ADDRESS sh -s -- --name gw1$", RegexOptions.Multiline)]
    private static partial Regex PackLine();
}
