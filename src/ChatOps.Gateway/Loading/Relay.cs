using System.Text;
using ChatOps.Gateway.Running;
using ChatOps.Gateway.State;

namespace ChatOps.Gateway.Loading;

/// <summary>
/// The map by which HAProxy leads IPv4 clients of a public port to a VM without an IPv4 address, a line a port: <c>PORT ADDRESS/PORT</c>.
/// HAProxy reads it when it starts or reads its configuration again, from /run/chatops; in between lines come, change and go over its
/// socket, and the file follows, so that who starts next knows the same.
/// </summary>
internal static class Relay
{
    public const string Socket = Places.ProxySocket;

    // What HAProxy takes in one go is bounded by its buffer of 16 KiB.
    private const int LongestLine = 8_000;

    public static readonly string[] Maps = ["relay4.map"];

    /// <summary>Makes the maps what a revision says, in HAProxy as well where it runs and is not to read everything again anyway.</summary>
    /// <exception cref="Refusal">HAProxy does not take it, and nothing has it read its files again.</exception>
    public static void Load(Change change, RevisionFolder folder, bool isRunning)
    {
        foreach (var file in Maps)
        {
            var (before, after) = (Files.Text(PathOf(file)) ?? "", folder.Text(file));
            if (before == after && File.Exists(PathOf(file)))
                continue;
            Files.PutForAll(PathOf(file), after);
            if (!isRunning || !folder.Has("haproxy.cfg") || change.Has("haproxy.cfg"))
                continue;
            if (Say(CommandsOf(PathOf(file), Read(before), Read(after))) is not { } complaint)
                continue;
            Journal.Say($"HAProxy reads its files again, because it does not take what changes in {file}: {complaint}");
            if (!change.Changed.Contains("haproxy.cfg"))
                change.Changed.Add("haproxy.cfg");
        }
    }

    /// <summary>Lets HAProxy read them, also those that an earlier program has written for root alone.</summary>
    public static void OfferMaps()
    {
        foreach (var path in Maps.Select(PathOf).Where(File.Exists))
            Files.LetAllRead(path);
    }

    /// <summary>What HAProxy has in a map, in the form of its file; empty when it has none, or does not run.</summary>
    public static string Now(string file) =>
        string.Concat(
            Ask($"show map {PathOf(file)}")
                .Split('\n')
                .Select(l => l.Split(' '))
                .Where(w => w is [['0', 'x', ..], _, _])
                .Select(w => $"{w[1]} {w[2]}\n")
                .Order(StringComparer.Ordinal)
        );

    /// <summary>What brings a map from one state to another, a command each.</summary>
    public static IEnumerable<string> CommandsOf(
        string path,
        IReadOnlyDictionary<string, string> before,
        IReadOnlyDictionary<string, string> after
    ) =>
        [
            .. before.Keys.Where(port => !after.ContainsKey(port)).Select(port => $"del map {path} {port}"),
            .. after.Where(e => !before.ContainsKey(e.Key)).Select(e => $"add map {path} {e.Key} {e.Value}"),
            .. after.Where(e => before.TryGetValue(e.Key, out var was) && was != e.Value).Select(e => $"set map {path} {e.Key} {e.Value}"),
        ];

    public static IReadOnlyDictionary<string, string> Read(string text) =>
        text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(l => l.Split(' '))
            .Where(w => w.Length == 2)
            .ToDictionary(w => w[0], w => w[1]);

    private static string PathOf(string file) => $"{Places.Run}/{file}";

    // Why not; null when all of them were taken: HAProxy then says nothing but empty lines.
    private static string? Say(IEnumerable<string> commands)
    {
        var line = new StringBuilder();
        foreach (var command in commands)
        {
            if (line.Length + command.Length > LongestLine && Sent() is { } complaint)
                return complaint;
            line.Append(line.Length > 0 ? ";" : "").Append(command);
        }

        return line.Length > 0 ? Sent() : null;

        string? Sent()
        {
            var said = Ask(line.ToString()).Trim();
            line.Clear();
            return said.Length > 0 ? said : null;
        }
    }

    private static string Ask(string commands)
    {
        try
        {
            return Wire.Ask(Socket, $"{commands}\n");
        }
        catch (IOException e)
        {
            return $"{Socket}: {e.Message}";
        }
    }
}
