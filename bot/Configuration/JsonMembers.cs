using System.Text.Json;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Bot.Configuration;

/// <summary>
/// The members of an object in a configuration file. Each is there once, and whoever has read all that there can be says so by
/// <see cref="End"/>: what nobody asked for is a mistake, because somebody believes that it does something.
/// </summary>
internal sealed class JsonMembers
{
    private readonly Dictionary<string, JsonValue> _members = new(StringComparer.Ordinal);
    private readonly List<string> _asked = [];
    private readonly string _place;
    private readonly Problems _problems;

    /// <param name="place">Where it is; empty for the whole file.</param>
    public JsonMembers(JsonElement json, string place, Problems problems)
    {
        (_place, _problems) = (place, problems);
        foreach (var member in json.EnumerateObject())
        {
            if (!_members.TryAdd(member.Name, new(member.Value, PlaceOf(member.Name), problems)))
                problems.Add(PlaceOf(member.Name), "expected once, found again. Next: take one of them out");
        }
    }

    /// <summary>The names that are there, for an object whose names are data.</summary>
    public IEnumerable<string> Names => _members.Keys;

    /// <summary>True when a member is there.</summary>
    public bool Has(string name) => _members.ContainsKey(name);

    /// <summary>A member, or null when it is not there.</summary>
    public JsonValue? Find(string name)
    {
        _asked.Add(name);
        return _members.GetValueOrDefault(name);
    }

    public JsonValue? Get(string name, string expected)
    {
        if (Find(name) is { } member)
            return member;
        _problems.Add(PlaceOf(name), $"expected {expected}, found nothing");
        return null;
    }

    /// <summary>A member that may not be there. What it holds is repeated nowhere, and its name is not proposed.</summary>
    public void Refuse(string name, string sentence)
    {
        if (_members.Remove(name))
            _problems.Add(PlaceOf(name), sentence);
    }

    public string PlaceOf(string name) => _place.Length == 0 ? name : $"{_place}.{name}";

    public void End()
    {
        foreach (var name in _members.Keys.Except(_asked))
        {
            var meant = DidYouMean.Closest(name, _asked) is { } near ? $"Did you mean {near}?" : $"Expected {string.Join(", ", _asked)}.";
            _problems.Add(PlaceOf(name), $"there is no such property. {meant}");
        }
    }
}
