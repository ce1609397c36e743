using ChatOps.Core.Application.Ports;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;
using ChatOps.Rendering;
using ChatOps.Specs.Conventions;
using Scriban.Runtime;
using static ChatOps.Specs.Given;

namespace ChatOps.Specs.Rendering;

public sealed class RenderedFileSpecs
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "templates");

    [Theory]
    [InlineData("empty")]
    [InlineData("nftables", "expose vm1:7000 on 7000")]
    [InlineData("nginx", "expose vm2:8080 on 80", "expose vm1:5353 on 53")]
    [InlineData("udprelay", "expose vm2:5353 on 53 udp", "expose vm2:53,vm3:53 on 5300 udp", "expose vm1:53 on 5301 udp")]
    [InlineData("haproxy", "expose vm2:7000,vm3:7000 on 7000")]
    [InlineData(
        "proxy-protocol",
        "expose vm2:7001 on 7001 proxy-protocol",
        "expose vm2 as sftp",
        "expose vm2:7002,vm3:7002 on 7002 proxy-protocol v2"
    )]
    [InlineData(
        "grpc",
        "expose vm2:50051,vm3:50051 on app.example.com/shop.Cart tls shop grpc from 203.0.113.0/24 for 2h",
        "expose vm2:8080 on app.example.com tls shop"
    )]
    [InlineData("h2c", "expose vm2:8080,vm3:8080 on app.example.com h2c", "expose vm1:8080 on app.example.com/old")]
    [InlineData(
        "web",
        "expose vm2:8080,vm3:8080 on app.example.com",
        "expose vm1:8080 on app.example.com/api from 203.0.113.0/24,2001:db8::/32",
        "expose vm3:8080 on *.shop.example.com/v1_2 tls shop"
    )]
    [InlineData(
        "passthrough",
        "expose vm2:8443,vm3:8443 on app.example.com passthrough",
        "expose vm2:8080 on app.example.com/.well-known/acme-challenge",
        "expose vm3:8443 on *.example.com passthrough from 203.0.113.0/24,2001:db8::/32 for 2h",
        "expose vm3:8080 on shop.example.com tls shop"
    )]
    [InlineData("passthrough-alone", "expose vm1:8443 on app.example.com passthrough")]
    [InlineData(
        "lifetimes",
        "expose vm2:8080 on 8080 for 2h",
        "expose vm2:5353 on 53 udp until 18:00",
        "expose vm2:9000-9001 on 9000-9001 for 1h",
        "expose vm2:8080 on app.example.com tls shop for 1h",
        "expose vm3:8080 on app.example.com/api tls shop for 2h",
        "expose vm2:8080 on *.example.com/v1~2 until 18:00",
        "expose vm1:7000 on 7000"
    )]
    [InlineData("services", "expose vm2 as dns", "expose vm1 as postgres", "expose vm1 as sip", "expose vm2:5070 as sip on 5070")]
    [InlineData("postgres", "expose vm1 as postgres tls example ignoring search_path,options")]
    [InlineData("wireguard", "peer add vm1 5zpVn1D2vgl+TFxFHbdC5fFqWlWaSjWsWdEHJnY3l2s= 10.1.0.2")]
    [InlineData("peer-routes", "peer add office 5zpVn1D2vgl+TFxFHbdC5fFqWlWaSjWsWdEHJnY3l2s= 10.1.0.2 routes 192.168.77.0/24,fd77::/64")]
    [InlineData(
        "preshared",
        "peer add vm1 5zpVn1D2vgl+TFxFHbdC5fFqWlWaSjWsWdEHJnY3l2s= 10.1.0.2",
        "peer add laptop 4zpVn1D2vgl+TFxFHbdC5fFqWlWaSjWsWdEHJnY3l2s= psk",
        "peer add office 3zpVn1D2vgl+TFxFHbdC5fFqWlWaSjWsWdEHJnY3l2s= routes 192.168.77.0/24 psk"
    )]
    [InlineData(
        "wireguard6",
        "gateway change gw1 wireguard6 fd77:1::/64",
        "peer add vm1 5zpVn1D2vgl+TFxFHbdC5fFqWlWaSjWsWdEHJnY3l2s= 10.1.0.2",
        "peer add office 3zpVn1D2vgl+TFxFHbdC5fFqWlWaSjWsWdEHJnY3l2s= 10.1.1.5 routes 192.168.77.0/24,fd78::/64",
        "vm change vm1 10.1.0.2,fd77:1::2",
        "expose vm1:7000 on 7000",
        "allow vm1 out"
    )]
    [InlineData("ranges", "expose vm1:9000-9002 on 19000-19002", "expose vm2:80,443 on 80,443")]
    [InlineData("egress", "vm add vm4 10.1.0.4,2001:db8:5::4", "allow vm1 out", "allow vm2 out")]
    [InlineData("mapping", "map 203.0.113.11 to vm1", "map 2001:db8::11 to vm2")]
    [InlineData(
        "snat",
        "allow vm1 out",
        "snat vm1 from 203.0.113.12-203.0.113.13:30000-40000",
        "allow vm2 out",
        "snat vm2 from 2001:db8::12"
    )]
    [InlineData(
        "firewall",
        "expose vm2:8080 on 80 from 203.0.113.0/24,203.0.113.128/25,2001:db8:66::/48",
        "allow 198.51.100.0/24 to 22",
        "limit 80 to 100/second",
        "limit 53/udp to 30/minute",
        "limit 8200 to 9/hour for all",
        "block 203.0.113.66",
        "block 192.0.2.0/24",
        "block 192.0.2.7",
        "block 2001:db8:bad::/48"
    )]
    public void Files_are_as_approved(string name, params string[] lines)
    {
        var given = lines.Aggregate(AGateway().And(new OverlaySeen(Text.Parse<Address>("400::100:0:0:1"))), (g, line) => g.Applied(line));
        var files = Render(given.State.Running);
        foreach (var (file, text) in files)
            Snapshot.Match(Path.Combine(name, file), text);
        Assert.Equal(
            files.Keys,
            Directory
                .EnumerateFiles(Path.Combine(Checkout.Root, "tests/ChatOps.Specs/Rendering/snapshots", name))
                .Select(Path.GetFileName)
                .Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public void Every_template_parses() =>
        Assert.All(Directory.EnumerateFiles(Folder, "*.sbn", SearchOption.AllDirectories), file =>
            Assert.Empty(Scriban.Template.Parse(File.ReadAllText(file), file).Messages)
        );

    [Fact]
    public void The_same_edge_gives_the_same_bytes()
    {
        var edge = AGateway().Applied("expose vm2:8080 on 80").State.Running;
        Assert.Equal(Render(edge), Render(edge));
    }

    [Fact]
    public void An_unknown_variable_fails_loudly()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder.In("bad.sbn"), "line one\n{{ no_such_thing }}\n");
        var problem = Assert.Throws<TemplateException>(() => new Templates(folder.Path).Render("bad.sbn", []));
        Assert.Contains("bad.sbn(2,", problem.Message, StringComparison.Ordinal);
        Assert.Contains("no_such_thing", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_member_fails_loudly()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder.In("bad.sbn"), "{{ route.prot.name }}");
        var model = new ScriptObject { ["route"] = new ScriptObject { ["port"] = "80" } };
        Assert.Throws<TemplateException>(() => new Templates(folder.Path).Render("bad.sbn", model));
    }

    [Theory]
    [InlineData("{{ targets[0] }}", 0)]
    [InlineData("{{ targets[1] }}", 1)]
    [InlineData("{{ targets[-1] }}", 0)]
    public void An_item_that_is_not_there_fails_loudly(string text, int count)
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder.In("bad.sbn"), text);
        var model = new ScriptObject { ["targets"] = new ScriptArray(Enumerable.Repeat("10.1.0.2:80", count)) };
        Assert.Throws<TemplateException>(() => new Templates(folder.Path).Render("bad.sbn", model));
    }

    [Fact]
    public void A_template_that_does_not_parse_names_its_place()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder.In("bad.sbn"), "{{ for x in }}");
        var problem = Assert.Throws<TemplateException>(() => new Templates(folder.Path).Render("bad.sbn", []));
        Assert.Contains("templates/bad.sbn", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_diff_shows_what_comes_and_goes()
    {
        var given = AGateway().Applied("expose vm2:8080 on 80");
        var before = Render(given.State.Running);
        var after = Render(given.Applied("unexpose 80").Applied("expose vm3:8080 on 81").State.Running);
        Snapshot.Match(
            "diff.txt",
            string.Join("", FileDiff.Between(before, after).Select(d => $"{d.Name} +{d.Added} -{d.Removed}\n{d.Text}"))
        );
        Assert.Empty(FileDiff.Between(after, after));
    }

    [Fact]
    public void A_length_of_time_begins_at_the_confirm()
    {
        var before = AGateway().Accepted("expose vm2:8080 on 80 for 2h").State;
        Assert.Equal("tcp 80 +7200\n", Render(before.Desired)["lifetimes"]);
        var after = AGateway().Applied("expose vm2:8080 on 80 for 2h").State.Running;
        Assert.Equal($"tcp 80 {after.Exposures.Values.Single().Options.Until!.Value.ToUnixTimeSeconds()}\n", Render(after)["lifetimes"]);
    }

    [Fact]
    public void Web_ports_end_only_when_all_that_shares_them_does()
    {
        var given = AGateway().Applied("expose vm2:8080 on a.example.com for 1h").Applied("expose vm2:8080 on b.example.com");
        Assert.Single(Render(given.State.Running)["lifetimes"].TrimEnd('\n').Split('\n'), l =>
            l.StartsWith("web web-a.example.com ", StringComparison.Ordinal)
        );
    }

    private static IReadOnlyDictionary<string, string> Render(Edge edge) => new ConfigRenderer(new Templates(Folder)).Render(edge);
}
