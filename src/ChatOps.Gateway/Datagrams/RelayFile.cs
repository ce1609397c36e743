using ChatOps.Gateway.Running;

namespace ChatOps.Gateway.Datagrams;

/// <summary>
/// udprelay.conf: a line <c>listen ANY:PORT</c> for each port and family, and a line <c>to ADDRESS:PORT</c> below it for each VM's port
/// that it leads to.
/// </summary>
internal static class RelayFile
{
    /// <summary>What the file says, in its order.</summary>
    /// <exception cref="FormatException">A line says nothing of this.</exception>
    public static IReadOnlyList<(Endpoint Listen, IReadOnlyList<Endpoint> Targets)> Read(string text)
    {
        var read = new List<(Endpoint Listen, IReadOnlyList<Endpoint> Targets)>();
        List<Endpoint>? targets = null;
        var number = 0;
        foreach (var line in text.Split('\n'))
        {
            number++;
            var said = line.TrimStart(' ');
            if (said is "" or ['#', ..])
                continue;
            var words = said.Split(' ');
            if (words.Length != 2 || !Endpoint.TryParse(words[1], out var endpoint))
                throw new FormatException($"line {number}: should be: listen ANY:PORT, or: to ADDRESS:PORT");
            if (words[0] == "listen")
                read.Add((endpoint, targets = []));
            else if (words[0] == "to" && targets is not null)
                targets.Add(endpoint);
            else
                throw new FormatException($"line {number}: should be: listen ANY:PORT");
        }

        return read.FirstOrDefault(r => r.Targets.Count == 0) is { Targets: not null } loose
                ? throw new FormatException($"{loose.Listen} leads nowhere")
            : read.CountBy(r => r.Listen).FirstOrDefault(l => l.Value > 1) is { Value: > 1 } twice
                ? throw new FormatException($"{twice.Key} is there twice")
            : read;
    }

    /// <summary>The same lines without remarks, sorted by port and family: what can be compared.</summary>
    public static string Shown(IEnumerable<(Endpoint Listen, IReadOnlyList<Endpoint> Targets)> ports) =>
        string.Concat(
            ports
                .OrderBy(p => p.Listen.Port)
                .ThenBy(p => p.Listen.Address.Family)
                .Select(p => $"listen {p.Listen}\n{string.Concat(p.Targets.Select(t => $"to {t}\n"))}")
        );
}
