using System.Globalization;
using System.Text.Json;

namespace ChatOps.FunctionsHost;

/// <summary>What this host reads of host.json; what is absent has the value that Azure's host gives it.</summary>
/// <param name="Executable">The handler's program, as a path in the published folder or a command.</param>
/// <param name="Arguments">Its arguments.</param>
/// <param name="IsForwarding">True when an HTTP request goes to the handler as it came.</param>
/// <param name="RoutePrefix">What routes begin with.</param>
/// <param name="FunctionTimeout">How long a function may take.</param>
/// <param name="Queues">How queues are read.</param>
internal sealed record HostJson(string Executable, string[] Arguments, bool IsForwarding, string RoutePrefix, TimeSpan FunctionTimeout, QueueOptions Queues)
{
    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>Reads host.json at the root of a published folder.</summary>
    /// <exception cref="HostingException">It is not there, or says nothing that can be hosted here.</exception>
    public static HostJson Load(string folder)
    {
        var path = Path.Combine(folder, "host.json");
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllText(path), Lenient);
            var root = document.RootElement;
            if (root.TextAt("version") != "2.0")
                throw new FormatException("version: expected \"2.0\"");
            var executable = root.TextAt("customHandler", "description", "defaultExecutablePath");
            return new(
                executable is { Length: > 0 } ? executable : throw new FormatException("customHandler.description.defaultExecutablePath: expected the handler's program"),
                root.At("customHandler", "description", "arguments") is { ValueKind: JsonValueKind.Array } arguments ? [.. arguments.EnumerateArray().Select(a => a.GetString()!)] : [],
                root.At("customHandler", "enableForwardingHttpRequest") is { ValueKind: JsonValueKind.True },
                (root.TextAt("extensions", "http", "routePrefix") ?? "api").Trim('/'),
                TimeSpan.TryParse(root.TextAt("functionTimeout"), CultureInfo.InvariantCulture, out var timeout) ? timeout : TimeSpan.FromMinutes(30),
                QueueOptions.Of(root.At("extensions", "queues"))
            );
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException or FormatException or InvalidOperationException)
        {
            throw new HostingException($"{path}: {e.Message}", e);
        }
    }
}

/// <summary>How queues are read.</summary>
/// <param name="BatchSize">How many messages are taken at once.</param>
/// <param name="MaxDequeueCount">After how many tries a message goes to the poison queue.</param>
/// <param name="VisibilityTimeout">How long a message that failed is not seen.</param>
/// <param name="MaxPollingInterval">The longest pause between two looks at an empty queue.</param>
/// <param name="IsBase64">True when messages are base64 of their text.</param>
internal sealed record QueueOptions(int BatchSize, int MaxDequeueCount, TimeSpan VisibilityTimeout, TimeSpan MaxPollingInterval, bool IsBase64)
{
    /// <summary>Reads the section <c>extensions.queues</c>; null for none.</summary>
    public static QueueOptions Of(JsonElement? section) =>
        new(
            Number(section, "batchSize", 16, 1, 32),
            Number(section, "maxDequeueCount", 5, 1, 1_000),
            Time(section, "visibilityTimeout", TimeSpan.Zero),
            Time(section, "maxPollingInterval", TimeSpan.FromMinutes(1)),
            (section?.TextAt("messageEncoding") ?? "base64") switch
            {
                "base64" => true,
                "none" => false,
                var other => throw new FormatException($"extensions.queues.messageEncoding: expected base64 or none, found \"{other}\""),
            }
        );

    private static int Number(JsonElement? section, string name, int otherwise, int least, int most) =>
        section?.At(name) is not { } value ? otherwise
        : value.TryGetInt32(out var number) && number >= least && number <= most ? number
        : throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"extensions.queues.{name}: expected {least} to {most}, found {value}"));

    private static TimeSpan Time(JsonElement? section, string name, TimeSpan otherwise) =>
        section?.TextAt(name) is not { } text ? otherwise
        : TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var time) ? time
        : throw new FormatException($"extensions.queues.{name}: expected a time such as 00:00:02, found \"{text}\"");
}
