using System.Globalization;
using ChatOps.Gateway.Loading;
using ChatOps.Gateway.Reading;
using ChatOps.Gateway.Running;
using ChatOps.Gateway.State;
using ChatOps.Gateway.Verbs;

namespace ChatOps.Gateway.Looking;

internal static class Observation
{
    public static string Answer(Call call)
    {
        var (store, systemd) = (call.Look(), call.Systemd);
        var folder = store.RunningFolder;
        var uptime = (Files.Line("/proc/uptime") ?? "0").Split(' ')[0].Split('.')[0];
        var load = (Files.Line("/proc/loadavg") ?? "0 0 0").Split(' ');
        var hasTunnel = Network.HasInterface("wg0");
        // Our own line comes first. Then: public key, preshared key, endpoint, allowed ips, handshake, received, sent, keepalive.
        var peers = hasTunnel
            ? Command
                .Run("wg", "show", "wg0", "dump")
                .Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Skip(1)
                .Select(l => l.Split('\t'))
                .ToList()
            : [];
        long? left =
            store.Running != store.Confirmed && Places.Number(Files.Line(Places.Timer)?.Split(' ')[^1]) is { } end
                ? end - long.Parse(uptime, CultureInfo.InvariantCulture)
                : null;
        return Answers.Done(json =>
        {
            json.WriteNumber("running", store.Running);
            json.WriteNumber("confirmed", store.Confirmed);
            json.WriteNumber("highest", store.Highest);
            json.WriteBoolean("unfinished", Store.IsUnfinished);
            json.WritePropertyName("reverts_in");
            if (left is { } seconds)
                json.WriteNumberValue(seconds);
            else
                json.WriteNullValue();
            json.WriteString("boot", Files.Line("/proc/sys/kernel/random/boot_id") ?? "");
            json.WriteNumber("time", Places.Now);
            json.WritePropertyName("uptime_s");
            json.WriteRawValue(uptime);
            json.WriteStartArray("load");
            foreach (var figure in load.Take(3))
                json.WriteRawValue(figure);
            json.WriteEndArray();

            json.WriteStartObject("services");
            WriteState("nginx.conf");
            WriteState("haproxy.cfg");
            json.WriteString(
                "wireguard",
                hasTunnel ? "active"
                    : folder.Has("wg0.conf") ? "inactive"
                    : "absent"
            );
            json.WriteString("nftables", HasTable() ? "loaded" : "absent");
            foreach (var file in Places.Daemons)
                WriteState(file);
            json.WriteString("mycelium", OfMycelium(systemd));
            json.WriteEndObject();

            json.WriteStartObject("files");
            foreach (var (name, sum) in folder.Sums())
                json.WriteString(name, sum);
            json.WriteEndObject();
            json.WriteStartArray("peers");
            foreach (var peer in peers.Where(p => p.Length > 6))
            {
                json.WriteStartObject();
                json.WriteString("key", peer[0]);
                json.WritePropertyName("handshake");
                json.WriteRawValue(peer[4]);
                json.WritePropertyName("rx");
                json.WriteRawValue(peer[5]);
                json.WritePropertyName("tx");
                json.WriteRawValue(peer[6]);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteStartObject("conntrack");
            json.WriteNumber("count", Places.Number(Files.Line("/proc/sys/net/netfilter/nf_conntrack_count")) ?? 0);
            json.WriteNumber("max", Places.Number(Files.Line("/proc/sys/net/netfilter/nf_conntrack_max")) ?? 0);
            json.WriteEndObject();
            json.WriteString("wireguard_public_key", Files.Line(Places.PublicKey) ?? "");
            json.WriteString("mycelium", Network.Mycelium()?.ToString() ?? "absent");
            var others = Others.Look();
            // The first of many say enough.
            const int most = 20;
            Others.Write(
                json,
                "in_the_way",
                others.IsEmpty
                    ? []
                    : others.InTheWayOfAll().Concat(others.InTheWay(Checking.Exposures.Parse(folder.Bytes("exposures"), out _)).Take(most))
            );
            Certificates.Write(json, folder);
            Certificates.WriteHeld(json);
            json.WritePropertyName("last_revert");
            json.WriteRawValue(Files.Line(Places.LastRevert) ?? "null");

            // A daemon without a file that does not run is absent.
            void WriteState(string file)
            {
                var state = systemd.State(Daemons.UnitOf(file));
                json.WriteString(Daemons.NameOf(file), folder.Has(file) || state == "active" ? state : "absent");
            }
        });
    }

    public static string AnswerOfStatistics(Call call)
    {
        var store = call.Look();
        using var netlink = new Netlink();
        var sources = new StatisticsSources
        {
            Run = (program, arguments) => Command.Run(program, arguments) is { IsOk: true } outcome ? outcome.Output : null,
            Ask = Ask,
            File = Files.Text,
            Dump = netlink.Dump,
            Flows = () => Conntrack.Flows(4, 6),
            Own = Network.All(),
        };
        return $$"""{"ok":true,"running":{{store.Running}},{{Statistics.Read(sources, Places.ProxySocket)}}}""";
    }

    // Its daemon is the machine's own affair, not ours: it may run without systemd, or not be there at all.
    private static string OfMycelium(Systemd systemd) =>
        systemd.State("mycelium.service") is var state && state is "active" or "failed" || Command.Find("mycelium") is not null
            ? state
            : "absent";

    // NFT_MSG_GETTABLE; each answer's first attribute is a name. To list even the names of tables nft goes through all their elements.
    private static bool HasTable()
    {
        const int getTable = 1;
        using var netlink = new Netlink();
        return netlink.Dump(getTable, []).Any(table => table.AsSpan().IndexOf("\0chatops\0"u8) == 3);
    }

    private static string? Ask(string path, string question)
    {
        try
        {
            return Wire.Ask(path, question);
        }
        catch (IOException)
        {
            return null;
        }
    }
}
