using System.Text.Json;

namespace ChatOps.FunctionsHost;

/// <summary>What sets a function off.</summary>
/// <param name="Binding">The binding's name, under which the function finds its data.</param>
internal abstract record Trigger(string Binding)
{
    /// <summary>A message of a storage queue.</summary>
    public sealed record Queue(string Binding, string Name, string Connection) : Trigger(Binding);

    /// <summary>A moment of a schedule.</summary>
    public sealed record Timer(string Binding, NCrontab Schedule, bool AtStart) : Trigger(Binding);

    /// <summary>A request.</summary>
    /// <param name="Binding">The binding's name.</param>
    /// <param name="Route">The route after the prefix, as ASP.NET Core reads it.</param>
    /// <param name="Methods">The methods; empty for all.</param>
    /// <param name="IsOpen">True when it needs no key.</param>
    public sealed record Http(string Binding, string Route, string[] Methods, bool IsOpen) : Trigger(Binding);

    /// <summary>Reads a trigger's binding; a <see cref="FormatException"/> says what was expected.</summary>
    public static Trigger Of(JsonElement binding, string function, AppSettings settings)
    {
        var name = binding.TextAt("name") ?? throw new FormatException("name: expected the binding's name");
        return binding.TextAt("type")!.ToLowerInvariant() switch
        {
            "queuetrigger" => new Queue(
                name,
                settings.Resolve(binding.TextAt("queueName") ?? throw new FormatException("queueName: expected the queue's name")),
                settings.ConnectionOf(binding.TextAt("connection"))
            ),
            "timertrigger" => new Timer(
                name,
                NCrontab.Parse(settings.Resolve(binding.TextAt("schedule") ?? throw new FormatException("schedule: expected six fields"))),
                binding.At("runOnStartup") is { ValueKind: JsonValueKind.True }
            ),
            "httptrigger" => new Http(
                name,
                settings.Resolve(binding.TextAt("route") ?? function),
                binding.At("methods") is { ValueKind: JsonValueKind.Array } methods ? [.. methods.EnumerateArray().Select(m => m.GetString()!.ToUpperInvariant())] : [],
                (binding.TextAt("authLevel") ?? "function") switch
                {
                    "anonymous" => true,
                    "function" or "admin" => false,
                    var other => throw new FormatException($"authLevel: expected anonymous, function or admin, found \"{other}\""),
                }
            ),
            var other => throw new FormatException($"this host knows queueTrigger, timerTrigger and httpTrigger, not {other}. Next: publish with the storage queue's bindings, or run it with func start"),
        };
    }
}
