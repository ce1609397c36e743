using System.Text.Json;
using System.Text.RegularExpressions;

namespace ChatOps.Specs.Infra;

/// <summary>
/// A compiled template with the templates that it deploys, as far as our questions go: what is in it, and who gets which role on what.
/// </summary>
internal sealed partial class Arm
{
    private readonly JsonElement _template;
    private readonly Func<string, string> _parameter;

    private Arm(JsonElement template, string path, Func<string, string> parameter) =>
        (_template, Path, _parameter) = (template, path, parameter);

    /// <summary>The names of the modules that lead here.</summary>
    public string Path { get; }

    /// <summary>The template as it is written.</summary>
    public string Text => _template.GetRawText();

    public static Arm Load(string json) => new(JsonDocument.Parse(json).RootElement, "main", p => $"<{p}>");

    /// <summary>This template and all under it.</summary>
    public IEnumerable<Arm> All => Resources("Microsoft.Resources/deployments").SelectMany(Nested).Prepend(this);

    /// <summary>The outputs' expressions.</summary>
    public IEnumerable<(string Name, string Value)> Outputs =>
        _template.TryGetProperty("outputs", out var outputs)
            ? outputs.EnumerateObject().Select(o => ($"{Path}.{o.Name}", o.Value.GetProperty("value").ToString()))
            : [];

    /// <summary>Resources that are made here, by type.</summary>
    public IEnumerable<JsonElement> Resources(string type) =>
        Here.Select(r => r.Resource).Where(r => r.GetProperty("type").GetString() == type && !r.TryGetProperty("existing", out _));

    /// <summary>Every resource of a type in the whole tree.</summary>
    public IEnumerable<JsonElement> Everywhere(string type) => All.SelectMany(a => a.Resources(type));

    /// <summary>Who gets which role on what, in this template alone.</summary>
    public IEnumerable<Grant> Grants =>
        Resources("Microsoft.Authorization/roleAssignments")
            .Select(r =>
            {
                var properties = r.GetProperty("properties");
                var scope = r.TryGetProperty("scope", out var s) ? Resolve(s.GetString()!) : "the resource group";
                return new Grant(
                    Path,
                    Who(properties.GetProperty("principalId").GetString()!),
                    Resolve(properties.GetProperty("roleDefinitionId").GetString()!),
                    scope
                );
            });

    /// <summary>An expression with its parameters filled in, up to the top.</summary>
    public string Resolve(string expression) =>
        Variable()
            .Replace(Parameter().Replace(expression, m => _parameter(m.Groups[1].Value).Trim('[', ']')), m => ValueOf(m.Groups[1].Value));

    // The compiler writes resources with their symbols when the file uses newer features, else as a list.
    private IEnumerable<(string Symbol, JsonElement Resource)> Here =>
        _template.GetProperty("resources") is { ValueKind: JsonValueKind.Object } named
            ? named.EnumerateObject().Select(r => (r.Name, r.Value))
            : _template.GetProperty("resources").EnumerateArray().Select(r => ("", r));

    // reference('bot').principalId, or reference(resourceId('...', NAME), ...).principalId: the identity's name.
    private string Who(string expression) =>
        Reference().Match(expression) is { Success: true } match
            ? Resolve(Here.Single(r => r.Symbol == match.Groups[1].Value).Resource.GetProperty("name").GetString()!).Trim('[', ']')
        : Identity().Match(expression) is { Success: true } identity ? Resolve(identity.Groups[1].Value)
        : Resolve(expression);

    private string ValueOf(string variable) =>
        _template.GetProperty("variables").TryGetProperty(variable, out var value) && value.ValueKind == JsonValueKind.String
            ? $"'{value.GetString()}'"
            : $"variables('{variable}')";

    private IEnumerable<Arm> Nested(JsonElement deployment)
    {
        var properties = deployment.GetProperty("properties");
        var name = Word().Match(deployment.GetProperty("name").GetString()!).Groups[1].Value;
        var child = new Arm(properties.GetProperty("template"), $"{Path}/{name}", p =>
            properties.TryGetProperty("parameters", out var given)
            && given.TryGetProperty(p, out var v)
            && v.TryGetProperty("value", out var value)
                ? Resolve(value.ToString())
                : $"<{p}>"
        );
        return child.All;
    }

    [GeneratedRegex(@"parameters\('(\w+)'\)")]
    private static partial Regex Parameter();

    [GeneratedRegex(@"variables\('(\w+)'\)")]
    private static partial Regex Variable();

    [GeneratedRegex(@"^\[reference\('(\w+)'\)\.principalId\]$")]
    private static partial Regex Reference();

    [GeneratedRegex(@"^\[reference\(resourceId\('Microsoft\.ManagedIdentity/userAssignedIdentities', (parameters\('\w+'\))\)")]
    private static partial Regex Identity();

    [GeneratedRegex(@"format\('(\w+)-\{0\}'")]
    private static partial Regex Word();
}

/// <summary>A role that somebody gets.</summary>
/// <param name="Module">Where it is granted.</param>
/// <param name="Who">The identity's name, as an expression.</param>
/// <param name="Role">The role definition's id, as an expression.</param>
/// <param name="Scope">On what, as an expression.</param>
internal sealed record Grant(string Module, string Who, string Role, string Scope);
