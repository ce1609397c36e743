using System.Collections.Immutable;
using System.Text.Json;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Bot.Configuration;

/// <summary>The gateways that configuration names, as the log is to know them from the start. Nothing here says how to reach one.</summary>
public static class KnownGateways
{
    private static readonly JsonSerializerOptions Options = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    /// <summary>The one gateway of an edition whose gateways are folders.</summary>
    public static ImmutableArray<Gateway> OfFolders { get; } =
    [
        Gateway.WithDefaults(
            Text.Parse<Name<Gateway>>("gw1"),
            [Text.Parse<Address>("203.0.113.10"), Text.Parse<Address>("2001:db8::10")],
            null
        ),
    ];

    /// <summary>Those of a lab's description (<c>lab.json</c>); throws <see cref="ConfigurationException"/>.</summary>
    public static ImmutableArray<Gateway> OfLab(string path)
    {
        try
        {
            var json = JsonSerializer.Deserialize<FileJson>(File.ReadAllText(path), Options)
                ?? throw new JsonException("the file is empty");
            return
            [
                .. json.Gateways.Select(g =>
                    Gateway.WithDefaults(
                        Text.Parse<Name<Gateway>>(g.Name),
                        [.. g.Addresses.Select(Text.Parse<Address>)],
                        Text.Parse<HostKey>(g.HostKey)
                    )
                ),
            ];
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException or FormatException)
        {
            throw new ConfigurationException($"{path}: {e.Message}. Next: infra/lab/lab up", e);
        }
    }

    private sealed record FileJson(GatewayJson[] Gateways);

    private sealed record GatewayJson(string Name, string[] Addresses, string HostKey);
}
