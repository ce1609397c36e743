using System.Text.Json;
using System.Text.RegularExpressions;

namespace ChatOps.Specs.Infra;

public sealed partial class BicepSpecs(CompiledBicep compiled) : IClassFixture<CompiledBicep>
{
    private const string Bot = "format('{0}-bot', <name>)";
    private const string Functions = "format('{0}-functions', <name>)";
    private const string SecretsUser = "4633458b-17de-408a-b874-0445c86b69e6";
    private static readonly string Folder = CompiledBicep.Folder;

    [BicepFact]
    public async Task Every_file_compiles_without_a_warning_and_is_formatted()
    {
        var lint = await Script.RunAsync(BicepFactAttribute.Compiler, ["lint", "--pattern", Path.Combine(Folder, "**", "*.bicep")]);
        Assert.Equal((0, "", ""), (lint.Exit, lint.Output, lint.Errors));
        using var folder = new TempFolder();
        var files = Directory
            .EnumerateFiles(Folder, "*.bicep", SearchOption.AllDirectories)
            .ToDictionary(f => f, f => folder.In(Path.GetFileName(f)));
        Assert.True(files.Count > 5);
        foreach (var (file, copy) in files)
            File.Copy(file, copy);
        Assert.Equal(0, (await Script.RunAsync(BicepFactAttribute.Compiler, ["format", "--pattern", folder.In("*.bicep")])).Exit);
        foreach (var (file, copy) in files)
            Assert.Equal(await File.ReadAllTextAsync(copy), await File.ReadAllTextAsync(file));
    }

    [BicepFact]
    public async Task The_bot_may_append_send_tell_and_read_its_own_secrets_and_nothing_else()
    {
        var grants = (await GrantsAsync()).Where(g => g.Who == Bot).Select(g => (g.Module, On(g.Scope))).Order();
        Assert.Equal(
            [
                ("main/botVault", "vaults"),
                ("main/logStorage", "containers board"),
                ("main/logStorage", "containers checkpoints"),
                ("main/logStorage", "containers keys"),
                ("main/logStorage", "containers log"),
                ("main/monitoring", "components"),
                ("main/serviceBus", "queues nudges"),
            ],
            grants
        );
    }

    [BicepFact]
    public async Task Only_the_function_app_and_whoever_keeps_the_secrets_have_a_role_on_the_vault_with_the_ssh_key()
    {
        var main = await MainAsync();
        var settings = main.All.Single(a => a.Path == "main/functions").Resources("Microsoft.Web/sites/config").Single();
        Assert.Contains(
            "sshVault",
            main.All.Single(a => a.Path == "main/functions")
                .Resolve(settings.GetProperty("properties").GetProperty("CHATOPS__Ssh__Key").GetString()!),
            StringComparison.Ordinal
        );
        var vault = main.All.Single(a => a.Path == "main/sshVault");
        Assert.Equal([Functions, "[<keeperObjectId>]"], vault.Grants.Select(g => g.Who));
        Assert.Contains(SecretsUser, vault.Grants.First().Role, StringComparison.Ordinal);

        // Nobody else comes to it from another module, and the bot's settings do not name it.
        Assert.DoesNotContain(main.All.Where(a => a.Path != vault.Path).SelectMany(a => a.Grants), g =>
            g.Scope.Contains("-ssh-", StringComparison.Ordinal)
        );
        var bot = main.All.Single(a => a.Path == "main/bot");
        Assert.DoesNotContain("sshVault", bot.Resolve(SettingsOf(bot, "appsettings").GetRawText()), StringComparison.Ordinal);
    }

    [BicepFact]
    public async Task The_page_is_there_only_behind_a_sign_in()
    {
        var bot = (await MainAsync()).All.Single(a => a.Path == "main/bot");
        var (settings, signIn) = (SettingsOf(bot, "appsettings").GetRawText(), SettingsOf(bot, "authsettingsV2"));
        const string Condition = "empty(parameters('entraClientId'))";
        Assert.Contains($"if({Condition}, createObject(), createObject('CHATOPS__Web__Origin'", settings, StringComparison.Ordinal);
        Assert.Equal($"[not({Condition})]", signIn.GetProperty("condition").GetString());
        var properties = signIn.GetProperty("properties");
        Assert.True(properties.GetProperty("platform").GetProperty("enabled").GetBoolean());
        Assert.True(properties.GetProperty("globalValidation").GetProperty("requireAuthentication").GetBoolean());
        Assert.True(properties.GetProperty("identityProviders").GetProperty("azureActiveDirectory").GetProperty("enabled").GetBoolean());
    }

    [BicepFact]
    public async Task Every_role_is_on_one_resource()
    {
        var grants = await GrantsAsync();
        Assert.True(grants.Count >= 10);
        Assert.All(grants, g => Assert.Matches(@"^\[resourceId\('Microsoft\.[A-Za-z]+/", g.Scope));
        Assert.All(grants, g => Assert.DoesNotContain("b24988ac-6180-42a0-ab88-20f7382dd24c", g.Role, StringComparison.Ordinal)); // Contributor
        Assert.All(grants, g => Assert.DoesNotContain("8e3af657-a8ff-443c-a75c-2fe8c4bcb635", g.Role, StringComparison.Ordinal)); // Owner
    }

    [BicepFact]
    public async Task The_log_can_be_appended_to_and_not_changed()
    {
        var log = (await MainAsync()).All.Single(a => a.Path == "main/logStorage");
        var policy = log.Resources("Microsoft.Storage/storageAccounts/blobServices/containers/immutabilityPolicies")
            .Single(p => p.GetProperty("name").GetString()!.Contains("'log'", StringComparison.Ordinal));
        Assert.Contains("'default', 'log', 'default'", policy.GetProperty("name").GetString(), StringComparison.Ordinal);
        Assert.True(policy.GetProperty("properties").GetProperty("allowProtectedAppendWrites").GetBoolean());
        Assert.Equal("[<logRetentionDays>]", $"[{log.Resolve("parameters('retentionDays')")}]");

        // And whoever writes it could not do more if there were no policy.
        var permissions = log.Resources("Microsoft.Authorization/roleDefinitions")
            .Single()
            .GetProperty("properties")
            .GetProperty("permissions")
            .EnumerateArray()
            .Single();
        Assert.Equal(
            ["blobs/read", "blobs/add/action"],
            permissions
                .GetProperty("dataActions")
                .EnumerateArray()
                .Select(a => a.GetString()!["Microsoft.Storage/storageAccounts/blobServices/containers/".Length..])
        );
        Assert.False(permissions.TryGetProperty("actions", out _));
        Assert.All(log.Grants.Where(g => g.Who == Bot && On(g.Scope) == "containers board"), g =>
            Assert.Contains("2a2b9908-6ea1-4ae2-8e65-a410df84e7d1", g.Role, StringComparison.Ordinal)
        ); // Reader
        Assert.All(log.Grants.Where(g => On(g.Scope) == "containers log"), g =>
            Assert.Contains("log appender", g.Role, StringComparison.Ordinal)
        );
    }

    [BicepFact]
    public async Task A_checkpoint_is_written_once_and_whoever_writes_it_could_not_take_it_back()
    {
        var log = (await MainAsync()).All.Single(a => a.Path == "main/logStorage");
        var policy = log.Resources("Microsoft.Storage/storageAccounts/blobServices/containers/immutabilityPolicies")
            .Single(p => p.GetProperty("name").GetString()!.Contains("'checkpoints'", StringComparison.Ordinal));
        Assert.False(policy.GetProperty("properties").GetProperty("allowProtectedAppendWrites").GetBoolean());
        Assert.All(log.Grants.Where(g => On(g.Scope) == "containers checkpoints"), g =>
            Assert.Contains("log appender", g.Role, StringComparison.Ordinal)
        );
    }

    [BicepFact]
    public async Task The_keys_of_people_are_the_bots_alone_and_what_is_deleted_there_is_gone()
    {
        var log = (await MainAsync()).All.Single(a => a.Path == "main/logStorage");
        Assert.Equal([Bot], log.Grants.Where(g => On(g.Scope) == "containers keys").Select(g => g.Who));
        var blobs = log.Resources("Microsoft.Storage/storageAccounts/blobServices").Single().GetProperty("properties");
        Assert.False(blobs.GetProperty("deleteRetentionPolicy").GetProperty("enabled").GetBoolean());
        Assert.False(blobs.GetProperty("isVersioningEnabled").GetBoolean());
        Assert.DoesNotContain(log.Resources("Microsoft.Storage/storageAccounts/blobServices/containers/immutabilityPolicies"), p =>
            p.GetProperty("name").GetString()!.Contains("'keys'", StringComparison.Ordinal)
        );
    }

    [BicepFact]
    public async Task The_queue_has_sessions_and_keeps_what_could_not_be_worked_on()
    {
        var queue = (await MainAsync()).Everywhere("Microsoft.ServiceBus/namespaces/queues").Single().GetProperty("properties");
        Assert.True(queue.GetProperty("requiresSession").GetBoolean());
        Assert.True(queue.GetProperty("deadLetteringOnMessageExpiration").GetBoolean());
        Assert.InRange(queue.GetProperty("maxDeliveryCount").GetInt32(), 2, 20);
    }

    [BicepFact]
    public async Task Nothing_takes_keys_or_passwords_or_old_tls()
    {
        var main = await MainAsync();
        Assert.All(Properties(main, "Microsoft.Storage/storageAccounts"), p =>
            Assert.Equal(
                (false, false, "TLS1_2"),
                (
                    p.GetProperty("allowSharedKeyAccess").GetBoolean(),
                    p.GetProperty("allowBlobPublicAccess").GetBoolean(),
                    p.GetProperty("minimumTlsVersion").GetString()
                )
            )
        );
        Assert.All(Properties(main, "Microsoft.ServiceBus/namespaces"), p =>
            Assert.Equal((true, "1.2"), (p.GetProperty("disableLocalAuth").GetBoolean(), p.GetProperty("minimumTlsVersion").GetString()))
        );
        Assert.All(Properties(main, "Microsoft.KeyVault/vaults"), p =>
            Assert.True(p.GetProperty("enableRbacAuthorization").GetBoolean() && p.GetProperty("enablePurgeProtection").GetBoolean())
        );
        Assert.All(Properties(main, "Microsoft.Insights/components"), p => Assert.True(p.GetProperty("DisableLocalAuth").GetBoolean()));
        Assert.All(Properties(main, "Microsoft.Web/sites"), p =>
            Assert.Equal(
                (true, "1.2", "Disabled"),
                (
                    p.GetProperty("httpsOnly").GetBoolean(),
                    p.GetProperty("siteConfig").GetProperty("minTlsVersion").GetString(),
                    p.GetProperty("siteConfig").GetProperty("ftpsState").GetString()
                )
            )
        );
        Assert.Equal(
            4,
            Properties(main, "Microsoft.Web/sites/basicPublishingCredentialsPolicies").Count(p => !p.GetProperty("allow").GetBoolean())
        );
    }

    [BicepFact]
    public async Task No_output_is_a_secret()
    {
        var outputs = (await MainAsync()).All.SelectMany(a => a.Outputs).ToList();
        Assert.True(outputs.Count > 10);
        Assert.Empty(outputs.Where(o => Secret().IsMatch(o.Value) || Secret().IsMatch(o.Name)));
    }

    [BicepFact]
    public async Task Every_setting_is_in_the_table_of_the_readme()
    {
        var readme = await File.ReadAllTextAsync(Path.Combine(Folder, "README.md"));
        var settings = (await MainAsync())
            .Everywhere("Microsoft.Web/sites/config")
            .SelectMany(c => Setting().Matches(c.GetRawText()).Select(m => m.Value))
            .Distinct();
        Assert.Empty(settings.Where(s => !readme.Contains($"`{s}`", StringComparison.Ordinal)));
    }

    [BicepFact]
    public async Task Alerts_ask_for_figures_that_there_are_and_are_explained()
    {
        var alerts = (await MainAsync()).All.Single(a => a.Path == "main/alerts");
        var text = alerts.Text;
        var sources = await File.ReadAllTextAsync(
            Path.Combine(Conventions.Checkout.Root, "src", "ChatOps.Core", "Application", "Telemetry", "Figures.cs")
        );
        var asked = Figure().Matches(text).Select(m => m.Groups[1].Value).Distinct().ToList();
        Assert.True(asked.Count >= 4);
        Assert.All(asked, name => Assert.Contains($"\"{name}\"", sources, StringComparison.Ordinal));
        var operations = await File.ReadAllTextAsync(Path.Combine(Conventions.Checkout.Root, "docs", "operations.md"));
        var names = AlertName().Matches(text).Select(m => m.Groups[1].Value).Append("dead-letters").ToList();
        Assert.Equal(6, names.Count);
        Assert.All(names, name => Assert.Contains($"**{name}.**", operations, StringComparison.Ordinal));
    }

    private static IEnumerable<JsonElement> Properties(Arm main, string type)
    {
        var all = main.Everywhere(type).Select(r => r.GetProperty("properties")).ToList();
        Assert.NotEmpty(all);
        return all;
    }

    private static string On(string scope) =>
        Resource().Match(scope) is var m && Last().Match(scope) is { Success: true } last
            ? $"{m.Groups[1].Value} {last.Groups[1].Value}"
            : m.Groups[1].Value;

    private static JsonElement SettingsOf(Arm app, string name) =>
        app.Resources("Microsoft.Web/sites/config")
            .Single(r => r.GetProperty("name").GetString()!.Contains($"'{name}'", StringComparison.Ordinal));

    private async Task<List<Grant>> GrantsAsync() => [.. (await MainAsync()).All.SelectMany(a => a.Grants)];

    private Task<Arm> MainAsync() => compiled.MainAsync();

    [GeneratedRegex("Name == \\\\\"([a-z.]+)\\\\\"")]
    private static partial Regex Figure();

    [GeneratedRegex("\"name\": \"([a-z-]+)\",\\s+\"severity\"")]
    private static partial Regex AlertName();

    [GeneratedRegex(@"^\[resourceId\('[A-Za-z./]+/(\w+)'")]
    private static partial Regex Resource();

    [GeneratedRegex(@"'(log|leases|board|keys|checkpoints|nudges)'\)\]$")]
    private static partial Regex Last();

    [GeneratedRegex(
        "listKeys|listSecrets|listAccountSas|ConnectionString|InstrumentationKey|password|secret|token",
        RegexOptions.IgnoreCase
    )]
    private static partial Regex Secret();

    [GeneratedRegex("(CHATOPS__|Discord__|ServiceBus__|AzureWebJobsStorage__)[A-Za-z_]+")]
    private static partial Regex Setting();
}
