using ChatOps.Core.Gateways;
using ChatOps.Core.Planning;
using ChatOps.Core.Ports;
using ChatOps.Rendering;

namespace ChatOps.Bot.Conversation;

/// <summary>The file diffs of plans. Remembers the files of the last few edges, because most plans start from the same one.</summary>
public sealed class Previews(IConfigRenderer renderer)
{
    private const int Remembered = 4;

    private readonly Lock _lock = new();
    private readonly LinkedList<(Edge Edge, IReadOnlyDictionary<string, string> Files)> _recent = new();

    /// <summary>How the gateway's files would differ. The lists for the gateway's script are left out: they repeat the rest.</summary>
    /// <exception cref="TemplateException">A template is wrong.</exception>
    public IReadOnlyList<FileDiff> DiffOf(Plan plan)
    {
        lock (_lock)
        {
            var (before, after) = (FilesOf(plan.Before), FilesOf(plan.After));
            return [.. FileDiff.Between(before, after).Where(d => d.Name is not ("exposures" or "listeners"))];
        }
    }

    private IReadOnlyDictionary<string, string> FilesOf(Edge edge)
    {
        for (var node = _recent.First; node is not null; node = node.Next)
        {
            if (ReferenceEquals(node.Value.Edge, edge))
                return node.Value.Files;
        }

        // A gateway that has never been applied to has no files of ours yet.
        var files = edge.Gateway is null ? new Dictionary<string, string>() : renderer.Render(GatewayConfig.Of(edge));
        _recent.AddFirst((edge, files));
        if (_recent.Count > Remembered)
            _recent.RemoveLast();
        return files;
    }
}
