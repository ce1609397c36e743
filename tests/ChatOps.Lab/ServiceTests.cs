using System.Text.Json;

namespace ChatOps.Lab;

/// <summary>DNS, database, SFTP, SIP: with the clients that people use, against servers that they run.</summary>
public sealed class ServiceTests : GatewayTest
{
    [Fact]
    public async Task Dns_is_forwarded_and_cached()
    {
        (await Lab.CallAsync("tool", "dig")).Succeeded();
        var dns = await ServeAsync("vm2", "dns");
        await using var team = await TeamAsync();
        await team.AppliedAsync("vm add vm2 400::100:0:0:2", "expose vm2:53 as dns");
        foreach (
            var (server, transport) in new[] { (Lab.Gw1V4, "+notcp"), (Lab.Gw1V6, "+notcp"), (Lab.Gw1V4, "+tcp"), (Lab.Gw1V6, "+tcp") }
        )
        {
            var answer = (
                await Lab.ExecAsync("client", "dig", "+short", "+time=30", transport, $"@{server}", dns["name"], "A")
            ).Succeeded();
            Assert.Equal(dns["record"], answer.Text.Trim());
        }

        Assert.Single(await File.ReadAllLinesAsync(dns["asked"]), l => l.Contains(dns["name"], StringComparison.Ordinal));
        await AgreedAsync(team);
    }

    [Fact]
    public async Task Postgres_is_pooled_and_its_own_server_decides_who_gets_in()
    {
        (await Lab.CallAsync("tool", "psql")).Succeeded();
        var postgres = await ServeAsync("vm1", "postgres");
        await using var team = await TeamAsync();
        await team.AppliedAsync(
            "vm add vm1 10.1.0.2",
            $"peer add vm1 {(await Lab.CallAsync("pubkey", "vm1")).Succeeded().Text.Trim()} 10.1.0.2"
        );
        var before = await team.DoAsync("expose vm1:5432 as postgres");
        Assert.True(
            before is Core.Domain.Changes.ChangeStatus.Failed { Result: var failed }
                && failed.Error.Contains("/etc/chatops/pgbouncer/users.txt", StringComparison.Ordinal),
            team.Transcript
        );

        // What an administrator puts there: the verifiers that the database itself keeps. Nobody can log in with them.
        const string Verifiers = "SELECT format('\"%s\" \"%s\"', rolname, rolpassword) FROM pg_authid WHERE rolpassword LIKE 'SCRAM-%'";
        var users = await QueryAsync("vm1", "10.1.0.2", postgres["pgpass"], postgres, Verifiers);
        using var writing = Lab.StartIn(
            "gw1",
            "sh",
            "-c",
            "umask 077; mkdir -p /etc/chatops/pgbouncer; cat >/etc/chatops/pgbouncer/users.txt"
        );
        await writing.StandardInput.WriteLineAsync(users);
        (await Output.OfAsync(writing)).Succeeded();

        await team.AppliedAsync("expose vm1:5432 as postgres");
        Assert.Equal("42", await QueryAsync("client", Lab.Gw1V4, postgres["pgpass"], postgres, "SELECT 40 + 2"));
        Assert.Null(await QueryAsync("client", Lab.Gw1V4, "/dev/null", postgres, "SELECT 1"));
        Assert.Null(await QueryAsync("client", Lab.Gw1V4, postgres["pgpass"], postgres, "SELECT 1", "sslmode=require"));
        Assert.Null(await QueryAsync("client", Lab.Gw1V4, postgres["pgpass"], postgres, "SELECT 1", "options=-csearch_path=app"));

        // A line that is no verifier goes nowhere, and what runs goes on.
        (await Lab.ExecAsync("gw1", "sh", "-c", "echo '\"app\" \"a password\"' >>/etc/chatops/pgbouncer/users.txt")).Succeeded();
        Assert.NotEqual(0, (await Lab.ExecAsync("gw1", "systemctl", "reload", "chatops-pgbouncer")).Code);
        Assert.Equal("42", await QueryAsync("client", Lab.Gw1V4, postgres["pgpass"], postgres, "SELECT 40 + 2"));
        (await Lab.ExecAsync("gw1", "sed", "-i", "$d", "/etc/chatops/pgbouncer/users.txt")).Succeeded();

        // Root writes through no link that the service has left in its own folder.
        const string Links =
            "for name in users.txt users.txt.new; do ln -sf /root/marker /run/chatops-pgbouncer/$name; done; echo untouched >/root/marker";
        (await Lab.ExecAsync("gw1", "sh", "-ec", Links)).Succeeded();
        (await Lab.ExecAsync("gw1", "systemctl", "reload", "chatops-pgbouncer")).Succeeded();
        Assert.Equal("untouched", (await Lab.ExecAsync("gw1", "cat", "/root/marker")).Text.Trim());
        Assert.Equal("42", await QueryAsync("client", Lab.Gw1V4, postgres["pgpass"], postgres, "SELECT 40 + 2"));

        await team.AppliedAsync("unexpose 5432");
        await AssertTlsAsync(team, postgres);
        await AgreedAsync(team);
    }

    private static async Task AssertTlsAsync(Team team, Dictionary<string, string> postgres)
    {
        const string Line = "expose vm1:5432 as postgres tls example ignoring options";
        Assert.Contains(
            "/etc/chatops/tls/example",
            Assert.IsType<Core.Domain.Changes.ChangeStatus.Failed>(await team.DoAsync(Line)).Result.Error,
            StringComparison.Ordinal
        );
        await MakeCertificateAsync("other", "other.example.com");
        await MakeCertificateAsync("example", "example.example.com");
        (await Lab.ExecAsync("gw1", "cp", "/etc/chatops/tls/example/privkey.pem", "/etc/chatops/tls/example/mine.pem")).Succeeded();
        (await Lab.ExecAsync("gw1", "cp", "/etc/chatops/tls/other/privkey.pem", "/etc/chatops/tls/example/privkey.pem")).Succeeded();
        var failed = Assert.IsType<Core.Domain.Changes.ChangeStatus.Failed>(await team.DoAsync(Line)).Result;
        Assert.True(
            failed is { Step: "validating" } && failed.Error.Contains("key values mismatch", StringComparison.Ordinal),
            failed.Error
        );
        (await Lab.ExecAsync("gw1", "mv", "/etc/chatops/tls/example/mine.pem", "/etc/chatops/tls/example/privkey.pem")).Succeeded();
        await team.AppliedAsync(Line);
        await team.SaidAsync("note: certificate example ends on ");
        const string Asked = "SELECT current_setting('search_path')";
        foreach (var address in new[] { Lab.Gw1V4, Lab.Gw1V6 })
        {
            Assert.Equal(
                "\"$user\", public",
                await QueryAsync("client", address, postgres["pgpass"], postgres, Asked, "sslmode=require options=-csearch_path=app")
            );
            Assert.Null(await QueryAsync("client", address, postgres["pgpass"], postgres, Asked, "sslmode=disable"));
        }

        // Nobody else gets at the key, which is the service's own copy.
        Assert.Equal("700", (await Lab.ExecAsync("gw1", "stat", "-L", "-c", "%a", "/run/chatops-pgbouncer")).Text.Trim());
    }

    [Fact]
    public async Task Sftp_carries_files_over_both_families()
    {
        (await Lab.CallAsync("tool", "sftp")).Succeeded();
        var sshd = await ServeAsync("vm2", "sshd");
        await using var team = await TeamAsync();
        await team.AppliedAsync("vm add vm2 400::100:0:0:2", "expose vm2 as sftp");
        var sent = Path.GetTempFileName();
        await File.WriteAllTextAsync(sent, "a file");
        var batch = Path.GetTempFileName();
        await File.WriteAllTextAsync(batch, $"put {sent} sent\nls\n");
        string[] options =
        [
            "-q",
            "-P",
            "2222",
            "-i",
            sshd["identity"],
            "-b",
            batch,
            "-o",
            "UserKnownHostsFile=/dev/null",
            "-o",
            "StrictHostKeyChecking=no",
        ];
        foreach (var address in new[] { Lab.Gw1V4, $"[{Lab.Gw1V6}]" })
            (await Lab.ExecAsync("client", ["sftp", .. options, $"{sshd["user"]}@{address}"])).Succeeded();
        Assert.Equal("a file", await File.ReadAllTextAsync(Path.Combine(sshd["files"], "sent")));
        File.Delete(sent);
        File.Delete(batch);
        await AgreedAsync(team);
    }

    [Theory]
    [InlineData("vm1", "vm add vm1 10.1.0.2")]
    [InlineData("vm2", "vm add vm2 400::100:0:0:2")]
    public async Task Sip_calls_are_relayed(string vm, string line)
    {
        (await Lab.CallAsync("tool", "sipp")).Succeeded();
        await ServeAsync(vm, "sip");
        await using var team = await TeamAsync();
        await team.AppliedAsync($"peer add vm1 {(await Lab.CallAsync("pubkey", "vm1")).Succeeded().Text.Trim()} 10.1.0.2");
        await Eventually.TrueAsync(async () => (await team.StateAsync()).Running.Gateway?.Overlay is not null);
        await team.AppliedAsync(line, $"expose {vm}:5060 as sip");

        // Datagrams may overtake each other where much else runs, and sipp takes an answer out of order for a call that has failed.
        var said = "";
        await Eventually.TrueAsync(
            async () =>
            {
                var calls = await Lab.ExecAsync(
                    "client",
                    "sipp",
                    "-sn",
                    "uac",
                    "-m",
                    "5",
                    "-r",
                    "5",
                    "-timeout",
                    "120s",
                    "-nostdin",
                    "-i",
                    "203.0.113.100",
                    $"{Lab.Gw1V4}:5060"
                );
                said = calls.Text + calls.Error;
                return calls.Code == 0;
            },
            () => said
        );
        await AgreedAsync(team);
    }

    private static async Task<Dictionary<string, string>> ServeAsync(string vm, string service)
    {
        var said = (await Lab.CallAsync("serve", vm, service)).Succeeded();
        using var json = JsonDocument.Parse(said.Text);
        return json.RootElement.EnumerateObject().ToDictionary(p => p.Name, p => p.Value.ToString());
    }

    private static async Task<string?> QueryAsync(
        string host,
        string address,
        string pgpass,
        Dictionary<string, string> postgres,
        string query,
        string more = ""
    )
    {
        var output = await Lab.ExecAsync(
            host,
            "env",
            $"PGPASSFILE={pgpass}",
            "psql",
            "-w",
            "-At",
            $"host={address} port=5432 user={postgres["user"]} dbname={postgres["database"]} connect_timeout=60 {more}",
            "-c",
            query
        );
        return output.Code == 0 ? output.Text.Trim() : null;
    }
}
