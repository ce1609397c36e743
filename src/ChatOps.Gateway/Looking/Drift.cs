using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using ChatOps.Gateway.Checking;
using ChatOps.Gateway.Datagrams;
using ChatOps.Gateway.Loading;
using ChatOps.Gateway.Running;
using ChatOps.Gateway.State;
using ChatOps.Gateway.Verbs;

namespace ChatOps.Gateway.Looking;

/// <summary>What is not as the confirmed revision says. It looks, and changes nothing. Only what is ours is looked at.</summary>
internal sealed partial class Drift(RevisionFolder folder, Systemd systemd) : IDisposable
{
    private const int Lines = 100;
    private const int Length = 7900;
    private const int StartSeconds = 5;

    private readonly string _scratch = $"{Places.Run}/drift.{Environment.ProcessId}";
    private readonly List<(string What, string Text)> _found = [];

    public static string Answer(Call call)
    {
        var (store, systemd) = (call.Look(), call.Systemd);
        if (!store.IsSettled)
            throw new Refusal("looking", "busy", "busy: a change of this gateway is going on; ask again");
        using var drift = new Drift(store.RunningFolder, systemd);
        drift.Look();
        var later = Store.Look();
        if (!later.IsSettled || later.Running != store.Running)
            throw new Refusal("looking", "busy", "busy: a change of this gateway came meanwhile; ask again");
        return Answers.Done(json =>
        {
            json.WriteNumber("running", store.Running);
            json.WriteStartArray("drift");
            foreach (var (what, text) in drift._found)
                Write(json, what, text);
            json.WriteEndArray();
        });
    }

    public void Dispose() => Files.DeleteFolder(_scratch);

    private static void Write(Utf8JsonWriter json, string what, string text)
    {
        json.WriteStartObject();
        json.WriteString("what", what);
        // Keys are not shown, whoever put them there.
        json.WriteString("diff", Answers.Shown(Secret().Replace(text, "$1 (key)"), 8192));
        json.WriteEndObject();
    }

    [GeneratedRegex("((?:Private|Preshared)Key[ \t]*=).*")]
    private static partial Regex Secret();

    private void Look()
    {
        var edited = folder.Edited();
        foreach (var name in edited)
            LookAtFile(name);
        Compare("nftables", Table.Expected(folder), Table.Now());
        Compare(
            "lifetimes",
            Sorted((Files.Line(Places.EndedLoaded) ?? "").Split(", ", StringSplitOptions.RemoveEmptyEntries)),
            Sorted(EndedNow())
        );
        LookAtServices(edited);
        LookAtTunnel();
        LookAtSysctl();
        LookAtAddresses();
    }

    // A file that is not as it was delivered.
    private void LookAtFile(string name)
    {
        var now = folder.Delivered(name);
        var was = Files.Bytes(folder[$".delivered/{name}"]);
        if (was is null && folder.Sums().Any(s => s.Name == name))
            _found.Add((name, "it is not what was delivered, of which there is no copy any more"));
        else
            Compare(name, Encoding.UTF8.GetString(was ?? []), Encoding.UTF8.GetString(now ?? []));
    }

    private void LookAtServices(IReadOnlyList<string> edited)
    {
        var patience = Environment.TickCount64 + StartSeconds * 1000;
        foreach (var file in (string[])["nginx.conf", "haproxy.cfg", .. Places.Daemons])
        {
            var name = Daemons.NameOf(file);
            var state = systemd.State(Daemons.UnitOf(file));
            // One that is started again just now runs in a moment. One that never comes to run is found all the same.
            for (; folder.Has(file) && IsPassing(state) && Environment.TickCount64 < patience; Thread.Sleep(50))
                state = systemd.State(Daemons.UnitOf(file));
            if (folder.Has(file) && state != "active")
                _found.Add((name, $"chatops-{name} should run and is {state}"));
            else if (!folder.Has(file) && state == "active")
                _found.Add((name, $"chatops-{name} runs and should not"));
        }

        if (systemd.State(Daemons.UnitOf("haproxy.cfg")) == "active")
        {
            foreach (var file in Relay.Maps.Where(folder.Has))
                Compare(file, Sorted(folder.Lines(file)), Relay.Now(file));
        }

        // An edited file says nothing of what should be.
        if (folder.Has(Places.UdpRelay) && !edited.Contains(Places.UdpRelay) && systemd.State(Daemons.UnitOf(Places.UdpRelay)) == "active")
            Compare(Places.UdpRelay, RelayFile.Shown(RelayFile.Read(folder.Text(Places.UdpRelay))), RelayControl.Show());

        if (Listening.Missing(folder) is { } text)
            _found.Add(("listeners", text));
    }

    private static bool IsPassing(string state) => state is "activating" or "deactivating" or "reloading" or "refreshing";

    // Peers in a form that the file and the kernel share: what differs in it is drift, what was counted is not.
    private void LookAtTunnel()
    {
        var file = folder.Has("wg0.conf") ? WireGuardFile.ComparisonOfFile(folder.Text("wg0.conf")) : [];
        var now = Network.HasInterface("wg0")
            ? WireGuardFile.ComparisonOfKernel(
                Command.Run("wg", "show", "wg0", "dump").Output,
                Command.Run("ip", "-o", "addr", "show", "dev", "wg0", "scope", "global").Output
            )
            : [];
        Compare("wireguard", Joined(file), Joined(now));
    }

    private void LookAtSysctl()
    {
        var settings = Sysctl.Of(folder);
        Compare(
            "sysctl",
            Joined(settings.Select(s => $"{s.Key} = {s.Value.Replace('\t', ' ')}")),
            Joined(settings.Where(s => Sysctl.Value(s.Key) is not null).Select(s => $"{s.Key} = {Sysctl.Value(s.Key)!.Replace('\t', ' ')}"))
        );
    }

    // A daemon that sets the network up anew takes away what it does not know of.
    private void LookAtAddresses()
    {
        var gone = Loading.Addresses.Missing(folder).ToList();
        if (gone.Count > 0)
            _found.Add(("addresses", $"{string.Join(", ", gone)} should be on this machine and {(gone.Count == 1 ? "is" : "are")} not"));
    }

    // What the firewall keeps from clients because its time is up. With -n, or nft looks up the names of protocols.
    private static IEnumerable<string> EndedNow()
    {
        var listing = Command.Run("nft", "-n", "list", "set", "inet", "chatops", "ended").Output;
        var start = listing.IndexOf("elements = {", StringComparison.Ordinal);
        if (start < 0)
            return [];
        start += "elements = {".Length;
        var end = listing.IndexOf('}', start);
        return listing[start..(end < 0 ? listing.Length : end)]
            .Split(',')
            .Select(e => e.Split([' ', '\t', '\n'], StringSplitOptions.RemoveEmptyEntries))
            .Where(f => f.Length == 3)
            .Select(f => $"{(f[0] is "6" or "tcp" ? "tcp" : "udp")} . {f[2]}");
    }

    // The difference of two texts, if there is one.
    private void Compare(string what, string was, string now)
    {
        if (was == now)
            return;
        Directory.CreateDirectory(_scratch);
        File.WriteAllText($"{_scratch}/was", was);
        File.WriteAllText($"{_scratch}/now", now);
        var difference = Command.Run("diff", "-U1", "--label", "confirmed", "--label", "now", $"{_scratch}/was", $"{_scratch}/now");
        if (difference.Status != 1)
            throw new Refusal("looking", "storage", $"cannot compare what was confirmed with what is now: {difference.Said}", what);
        var lines = difference.Output.TrimEnd('\n').Split('\n');
        var shown = string.Join('\n', lines.Take(Lines));
        if (shown.Length > Length)
            shown = shown[..Length];
        _found.Add(
            (
                what,
                lines.Length > Lines
                    ? $"{shown}\n... {(lines.Length - Lines == 1 ? "1 line" : $"{lines.Length - Lines} lines")} more"
                    : shown
            )
        );
    }

    private static string Sorted(IEnumerable<string> lines) => Joined(lines.Order(StringComparer.Ordinal));

    private static string Joined(IEnumerable<string> lines) => string.Concat(lines.Select(l => $"{l}\n"));
}
