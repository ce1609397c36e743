using System.Text.Json;

namespace ChatOps.FunctionsHost;

/// <summary>A function of the folder: its name, and what sets it off.</summary>
/// <param name="Name">The folder's name, and the path that the handler is called at.</param>
/// <param name="Trigger">What sets it off.</param>
/// <param name="HttpOutput">The name of its one output when that is of type http and <c>$return</c> or a name; else null.</param>
/// <param name="OnlyHttp">True when it has one http trigger, one http output and nothing else: such requests can be forwarded as they came.</param>
internal sealed record FunctionJson(string Name, Trigger Trigger, string? HttpOutput, bool OnlyHttp)
{
    /// <summary>Reads every function of a published folder, in the order of their names.</summary>
    /// <exception cref="HostingException">One of them cannot be hosted here.</exception>
    public static IReadOnlyList<FunctionJson> LoadAll(string folder, AppSettings settings)
    {
        var files = Directory.EnumerateDirectories(folder).Select(d => Path.Combine(d, "function.json")).Where(File.Exists).Order(StringComparer.Ordinal);
        var functions = files.Select(f => Load(f, settings)).OfType<FunctionJson>().ToList();
        return functions.Count > 0 ? functions : throw new HostingException($"{folder}: expected folders with a function.json. Next: dotnet publish functions -c Release -o {folder}");
    }

    private static FunctionJson? Load(string path, AppSettings settings)
    {
        var name = Path.GetFileName(Path.GetDirectoryName(path))!;
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllText(path));
            if (document.RootElement.At("disabled") is { ValueKind: JsonValueKind.True })
                return null;
            var bindings = document.RootElement.GetProperty("bindings").EnumerateArray().ToList();
            var triggers = bindings.Where(b => b.TextAt("type")?.EndsWith("Trigger", StringComparison.OrdinalIgnoreCase) == true).ToList();
            if (triggers.Count != 1)
                throw new FormatException($"bindings: expected one trigger, found {triggers.Count}");
            var outputs = bindings.Where(b => b.TextAt("direction") == "out").ToList();
            var http = outputs.Count == 1 && outputs[0].TextAt("type") == "http" ? outputs[0].TextAt("name") : null;
            var trigger = Trigger.Of(triggers[0], name, settings);
            return new(name, trigger, http, trigger is Trigger.Http && http is not null && bindings.Count == 2);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or FormatException or InvalidOperationException or IOException or UnauthorizedAccessException)
        {
            throw new HostingException($"{path}: {e.Message}", e);
        }
    }
}
