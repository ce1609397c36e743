using System.Collections.Concurrent;
using System.Text;
using Scriban.Runtime;

namespace ChatOps.Rendering;

/// <summary>
/// The parts of a file that a template makes of one thing each. A part is rendered once and remembered, so that one exposure more among
/// 10,000 costs one part. Parts hang on nothing but the thing itself.
/// </summary>
/// <param name="templates">The templates.</param>
/// <param name="path">The one for the part.</param>
/// <param name="model">Its variables.</param>
/// <param name="same">Says which things give the same part.</param>
internal sealed class Fragments<T>(Templates templates, string path, Func<T, ScriptObject> model, IEqualityComparer<T> same)
    where T : notnull
{
    // What is closed is not asked for again. Forgetting all of it now and then costs a long rendering, and a list of uses would cost a little each time.
    private const int Most = 200_000;

    private readonly ConcurrentDictionary<T, string> _known = new(same);

    /// <summary>The parts of all of them, one after the other.</summary>
    public string Of(IEnumerable<T> things)
    {
        if (_known.Count > Most)
            _known.Clear();
        var text = new StringBuilder();
        foreach (var thing in things)
            text.Append(_known.GetOrAdd(thing, t => templates.Render(path, model(t))));
        return text.ToString();
    }
}
