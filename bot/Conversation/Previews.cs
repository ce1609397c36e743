using ChatOps.Core.Application.Ports;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Planning;
using ChatOps.Rendering;

namespace ChatOps.Bot.Conversation;

/// <summary>The file diffs of plans. Remembers the files of the last few edges, because most plans start from the same one.</summary>
public sealed class Previews(IConfigRenderer renderer)
{
    private const int CacheSize = 4;

    private readonly Lock _lock = new();
    private readonly LinkedList<(Edge Edge, IReadOnlyDictionary<string, string> Files)> _recent = new();

    /// <summary>
    /// How the gateway's files would differ; not at all where it is given up, because what runs on it stays. The lists for the gateway's
    /// program are left out: they repeat the rest.
    /// </summary>
    /// <exception cref="TemplateException">A template is wrong.</exception>
    public IReadOnlyList<FileDiff> DiffOf(Plan plan)
    {
        if (plan.After.Gateway is null)
            return [];
        lock (_lock)
        {
            var before = plan.IsFirst ? new Dictionary<string, string>() : FilesOf(plan.Before);
            var after = FilesOf(plan.After);
            return Told(before, after);
        }
    }

    /// <summary>How the gateway's files of one edge differ from those of another; an edge without a gateway has none.</summary>
    /// <exception cref="TemplateException">A template is wrong.</exception>
    public IReadOnlyList<FileDiff> DiffBetween(Edge from, Edge to)
    {
        lock (_lock)
        {
            var before = from.Gateway is null ? new Dictionary<string, string>() : FilesOf(from);
            var after = to.Gateway is null ? new Dictionary<string, string>() : FilesOf(to);
            return Told(before, after);
        }
    }

    private static FileDiff[] Told(IReadOnlyDictionary<string, string> before, IReadOnlyDictionary<string, string> after) =>
        [.. FileDiff.Between(before, after).Where(d => d.Name is not ("exposures" or "listeners"))];

    private IReadOnlyDictionary<string, string> FilesOf(Edge edge)
    {
        for (var node = _recent.First; node is not null; node = node.Next)
        {
            if (IsSame(node.Value.Edge, edge))
                return node.Value.Files;
        }

        var files = renderer.Render(edge);
        _recent.AddFirst((edge, files));
        if (_recent.Count > CacheSize)
            _recent.RemoveLast();
        return files;
    }

    // What a change has led to is made again from its events, so the edge that the next plan starts from is another object with the same
    // content. Everything but the exposures stays the same object meanwhile, or is rendered once more.
    private static bool IsSame(Edge one, Edge other) =>
        ReferenceEquals(one, other)
        || (
            one.Gateway == other.Gateway
            && one.Exposures.Count == other.Exposures.Count
            && one.Vms.Values.SequenceEqual(other.Vms.Values)
            && one.Peers.Values.SequenceEqual(other.Peers.Values)
            && one.Rules.Values.SequenceEqual(other.Rules.Values)
            && one.Exposures.Values.Zip(other.Exposures.Values).All(x => x.First.IsLike(x.Second))
        );
}
