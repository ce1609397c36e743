using System.Reflection;
using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Gateways;

namespace ChatOps.Specs.Conventions;

/// <summary>What each project may use. The bot of the cloud edition has no way to reach a gateway, and Core depends on nothing.</summary>
public sealed class ReferenceRules
{
    [Theory]
    [InlineData("ChatOps.Core")]
    [InlineData("ChatOps.Hosting")]
    [InlineData("ChatOps.Discord", "ChatOps.Hosting", "BouncyCastle.Cryptography")]
    [InlineData("ChatOps.Rendering", "ChatOps.Core", "Scriban.Signed", "Scriban")]
    [InlineData("ChatOps.Storage", "ChatOps.Core", "Microsoft.Data.Sqlite", "SQLitePCLRaw.*")]
    [InlineData(
        "ChatOps.Azure",
        "ChatOps.Core",
        "ChatOps.Hosting",
        "ChatOps.Storage",
        "ChatOps.Telemetry",
        "Microsoft.Data.Sqlite",
        "SQLitePCLRaw.*",
        "OpenTelemetry*",
        "Azure.*"
    )]
    [InlineData("ChatOps.Delivery", "ChatOps.Core", "Renci.SshNet", "BouncyCastle.Cryptography")]
    [InlineData("ChatOps.Telemetry", "ChatOps.Core", "OpenTelemetry*")]
    [InlineData(
        "ChatOps.Bot",
        "ChatOps.Core",
        "ChatOps.Discord",
        "ChatOps.Hosting",
        "ChatOps.Proof",
        "ChatOps.Rendering",
        "ChatOps.Storage",
        "Scriban.Signed",
        "Scriban",
        "BouncyCastle.Cryptography",
        "QRCoder",
        "Microsoft.IdentityModel.*"
    )]
    [InlineData(
        "chatops-bot",
        "ChatOps.Azure",
        "ChatOps.Bot",
        "ChatOps.Core",
        "ChatOps.Hosting",
        "ChatOps.Proof",
        "ChatOps.Storage",
        "ChatOps.Telemetry"
    )]
    [InlineData("ChatOps.Proof", "ChatOps.Core", "BouncyCastle.Cryptography")]
    [InlineData("chatops-verify", "BouncyCastle.Cryptography")]
    [InlineData("ChatOps.Operations", "ChatOps.Core", "ChatOps.Hosting", "ChatOps.Storage", "ChatOps.Delivery", "ChatOps.Rendering")]
    public void A_project_uses_only_what_it_may(string project, params string[] allowed)
    {
        var used = Assembly.Load(project).GetReferencedAssemblies().Select(a => a.Name!).Where(n => !IsFramework(n));
        Assert.Empty(used.Where(n => !allowed.Any(a => a == n || (a.EndsWith('*') && n.StartsWith(a[..^1], StringComparison.Ordinal)))));
    }

    /// <summary>The bot's process has no code to reach a gateway, by whatever way it would come in.</summary>
    [Theory]
    [InlineData("ChatOps.Delivery")]
    [InlineData("ChatOps.Operations")]
    [InlineData("Renci.SshNet")]
    public void The_bot_as_a_process_has_no_way_to_a_gateway(string project)
    {
        var all = UsedFrom("chatops-bot");
        Assert.Contains("ChatOps.Core", all);
        Assert.DoesNotContain(project, all);
    }

    /// <summary>The local edition is whole without what only a cloud needs.</summary>
    [Fact]
    public void The_local_edition_has_no_azure()
    {
        var all = UsedFrom("chatops");
        Assert.Contains("ChatOps.Storage", all);
        Assert.Empty(all.Where(n => n.Contains("Azure", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("System.IO.File")]
    [InlineData("System.Net.Sockets.Socket")]
    [InlineData("System.Net.Http.HttpClient")]
    [InlineData("System.Diagnostics.Process")]
    public void Core_does_no_input_or_output(string type)
    {
        var used = NetArchTest.Rules.Types.InAssembly(typeof(GatewayState).Assembly).That().HaveDependencyOn(type).GetTypes();
        Assert.Empty(used);
    }

    [Fact]
    public void Every_event_has_a_stored_name()
    {
        var events = typeof(GatewayEvent).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(GatewayEvent)) && !t.IsAbstract);
        var named = EventTypes
            .Names.Select(n => n[..n.LastIndexOf('.')].Replace("-", "", StringComparison.Ordinal))
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        Assert.Empty(events.Where(e => !named.Contains(e.Name)));
    }

    [Fact]
    public void Stored_names_are_kebab_case_with_a_version() =>
        Assert.All(EventTypes.Names, n => Assert.Matches("^[a-z]+(-[a-z]+)*\\.v[1-9]$", n));

    private static HashSet<string> UsedFrom(string program)
    {
        var (all, toSee) = (new HashSet<string>(StringComparer.Ordinal), new Queue<string>([program]));
        while (toSee.TryDequeue(out var name))
        {
            foreach (
                var used in Assembly.Load(name).GetReferencedAssemblies().Select(a => a.Name!).Where(n => !IsFramework(n) && all.Add(n))
            )
                toSee.Enqueue(used);
        }

        return all;
    }

    private static bool IsFramework(string name) =>
        name.StartsWith("System", StringComparison.Ordinal)
        || name.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal)
        || name.StartsWith("Microsoft.Extensions", StringComparison.Ordinal)
        || name is "netstandard" or "Microsoft.Win32.Primitives" or "Microsoft.Net.Http.Headers";
}
