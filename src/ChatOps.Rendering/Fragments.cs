using System.Collections.Concurrent;
using System.Text;
using Scriban.Runtime;

namespace ChatOps.Rendering;

/// <summary>
/// The parts of a file that a template makes of one thing each. A part is rendered once and remembered, so that one exposure more among
/// 10,000 costs one part. Parts hang on nothing but the thing itself.
/// </summary>
/// <param name="renderer">Begins a rendering: what it gives makes the part of one thing after the other.</param>
internal sealed class Fragments<T>(Func<Func<T, string>> renderer, IEqualityComparer<T> same)
    where T : notnull
{
    // What is closed is not asked for again. Forgetting all of it now and then costs a long rendering, and a list of uses would cost a
    // little each time.
    private const int CacheSize = 200_000;

    private readonly ConcurrentDictionary<T, string> _known = new(same);

    public static Fragments<T> By(Templates templates, string path, Func<T, ScriptObject> model, IEqualityComparer<T> same) =>
        new(
            () =>
            {
                var render = templates.Renderer(path);
                return thing => render(model(thing));
            },
            same
        );

    /// <summary>The parts of all of them, one after the other.</summary>
    public string Joined(IEnumerable<T> things)
    {
        var text = new StringBuilder();
        foreach (var part in Each(things))
            text.Append(part);
        return text.ToString();
    }

    public IEnumerable<string> Each(IEnumerable<T> things)
    {
        if (_known.Count > CacheSize)
            _known.Clear();
        Func<T, string>? render = null;
        foreach (var thing in things)
        {
            if (!_known.TryGetValue(thing, out var part))
            {
                render ??= renderer();
                part = _known[thing] = render(thing);
            }

            yield return part;
        }
    }
}
