using System.Collections.Immutable;
using System.Text.Json;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;
using ChatOps.Delivery.Ssh;

namespace ChatOps.Operations.Settings;

/// <summary>How the lab's gateways are reached, as its <c>lab.json</c> says: the spare ones too, which somebody may add.</summary>
public static class LabAccess
{
    private static readonly JsonSerializerOptions Options = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    /// <summary>Reads the file.</summary>
    /// <exception cref="InvalidDataException">It is not there, or not as the lab writes it.</exception>
    public static GatewayAccess Load(string path)
    {
        try
        {
            var json = JsonSerializer.Deserialize<FileJson>(File.ReadAllText(path), Options)
                ?? throw new JsonException("the file is empty");
            var dial = json
                .Gateways.Concat(json.Spare ?? [])
                .ToImmutableDictionary(g => Text.Parse<Name<Gateway>>(g.Name), g => DialAddress.Of(g.Ssh));
            return json.Gateways is [var first, ..]
                ? new GatewayAccess(SshIdentity.OfFile(first.Identity)) { Dial = dial }
                : throw new JsonException("no gateways");
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException or FormatException)
        {
            throw new InvalidDataException($"{path}: {e.Message}. Next: infra/lab/lab up", e);
        }
    }

    private sealed record FileJson(GatewayJson[] Gateways, GatewayJson[]? Spare);

    private sealed record GatewayJson(string Name, string Ssh, string Identity);
}
