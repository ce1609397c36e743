using System.Text.Json;
using System.Text.RegularExpressions;

namespace ChatOps.FunctionsHost;

/// <summary>The app's settings: the environment, and <c>Values</c> of local.settings.json where the environment says nothing.</summary>
internal sealed partial class AppSettings(IReadOnlyDictionary<string, string> local, Func<string, string?> environment)
{
    [GeneratedRegex("%([^%]+)%")]
    private static partial Regex Reference();

    /// <summary>What local.settings.json adds, for the handler's environment.</summary>
    public IReadOnlyDictionary<string, string> Local => local;

    /// <summary>Those of a published folder.</summary>
    public static AppSettings Load(string folder)
    {
        var path = Path.Combine(folder, "local.settings.json");
        if (!File.Exists(path))
            return new(new Dictionary<string, string>(), Environment.GetEnvironmentVariable);
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllText(path));
            var values = document.RootElement.At("Values") is { ValueKind: JsonValueKind.Object } section ? section.EnumerateObject().ToDictionary(v => v.Name, v => v.Value.ToString()) : [];
            return new(values, Environment.GetEnvironmentVariable);
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new HostingException($"{path}: {e.Message}", e);
        }
    }

    /// <summary>A setting, or null.</summary>
    public string? Get(string name) => environment(name.Replace(":", "__", StringComparison.Ordinal)) is { Length: > 0 } value ? value : local.GetValueOrDefault(name);

    /// <summary>A text of a function.json in which <c>%NAME%</c> stands for a setting.</summary>
    public string Resolve(string text) =>
        Reference().Replace(text, m => Get(m.Groups[1].Value) ?? throw new FormatException($"{m.Value}: expected a setting {m.Groups[1].Value}"));

    /// <summary>The connection string that a binding's <c>connection</c> names, also as <c>AzureWebJobs</c> + the name.</summary>
    public string ConnectionOf(string? name)
    {
        var setting = string.IsNullOrEmpty(name) ? "AzureWebJobsStorage" : name;
        return Get(setting)
            ?? Get($"AzureWebJobs{setting}")
            ?? throw new FormatException($"connection {setting}: expected a setting with a connection string, such as {setting}='UseDevelopmentStorage=true'");
    }
}
