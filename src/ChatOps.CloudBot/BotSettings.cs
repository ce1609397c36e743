using ChatOps.Azure.Shared;
using ChatOps.Bot.Configuration;
using ChatOps.Bot.Hosting;
using Microsoft.Extensions.Configuration;

namespace ChatOps.CloudBot;

/// <summary>
/// What the bot's process is told by its settings: the environment, <c>appsettings.json</c>, or the command line
/// (<c>--CHATOPS:Web:Port=0</c>).
/// </summary>
/// <param name="Functions">Where the function app takes requests; null to leave nudges to the queue.</param>
/// <param name="FunctionsKey">Its key; null without it.</param>
/// <param name="Lab">The lab's description, whose gateways the log is to know; null for none.</param>
/// <param name="HasFolders">True when the one gateway is a folder.</param>
/// <param name="Port">The web page's port on 127.0.0.1; 0 for any.</param>
/// <param name="Settle">How long to wait at the end of piped input for changes that a gateway does not take.</param>
/// <param name="DiscordNotes">The file in which it is kept where the cards stand on Discord; made when there is a token for it.</param>
/// <param name="Checkpoints">A file for checkpoints besides their container; null for none.</param>
/// <param name="Serves">True for a service without a terminal: it goes on until SIGTERM, whatever its input is.</param>
/// <param name="Alive">Where a service answers whoever asks whether it lives; null for nowhere.</param>
/// <param name="Origin">Where browsers find the page behind App Service's authentication; null without it.</param>
/// <param name="Team">The page for whoever signs in at an OpenID Connect provider; null for one on this machine alone, or behind App
/// Service.</param>
internal sealed record BotSettings(
    StoreSettings Stores,
    Uri? Functions,
    string? FunctionsKey,
    string Policy,
    string? Lab,
    bool HasFolders,
    int Port,
    TimeSpan Settle,
    string DiscordNotes,
    string? Checkpoints,
    bool Serves,
    Uri? Alive,
    Uri? Origin,
    WebListening? Team
)
{
    public static IDictionary<string, string> Switches { get; } =
        new Dictionary<string, string>
        {
            ["--port"] = "CHATOPS:Web:Port",
            ["--policy"] = "CHATOPS:Policy",
            ["--settle"] = "CHATOPS:Settle",
            ["--checkpoints"] = "CHATOPS:Checkpoints:File",
            ["--serve"] = "CHATOPS:Serve",
        };

    /// <exception cref="ConfigurationException">One is not.</exception>
    public static string[] Checked(string[] args)
    {
        var names = args.Where(a => a.StartsWith('-')).Select(a => a.Split('=')[0]);
        return names.FirstOrDefault(n => !Switches.ContainsKey(n) && !n.Contains(':', StringComparison.Ordinal)) is not { } unknown
            ? args
            : throw new ConfigurationException(
                $"{unknown}: expected {string.Join(", ", Switches.Keys)}, or a setting such as --CHATOPS:Web:Port=0"
            );
    }

    /// <exception cref="ConfigurationException">What is missing or wrong, each with an example.</exception>
    public static BotSettings Read(IConfiguration configuration)
    {
        var problems = new List<string>();
        var stores = StoreSettings.Read(n => configuration[n], problems);
        var url = Text("CHATOPS:Functions:Url");
        var key = Text("CHATOPS:Functions:Key");
        var functions = (Uri?)null;
        if (
            url is not null
            && (
                !Uri.TryCreate(url.TrimEnd('/') + "/", UriKind.Absolute, out functions)
                || !(functions.Scheme == Uri.UriSchemeHttps || functions.IsLoopback)
            )
        )
            problems.Add("CHATOPS__Functions__Url: expected the function app's address, such as https://NAME.azurewebsites.net");
        if (functions is not null && key is null)
            problems.Add("CHATOPS__Functions__Key: expected the key of the function Api, because CHATOPS__Functions__Url is set");
        var serves = Text("CHATOPS:Serve") ?? "false";
        if (serves is not ("true" or "false"))
            problems.Add($"CHATOPS__Serve: expected true or false, found \"{serves}\"");
        var alive = (Uri?)null;
        if (Text("CHATOPS:Alive") is { } at && !(Uri.TryCreate(at, UriKind.Absolute, out alive) && alive.Scheme == Uri.UriSchemeHttp))
            problems.Add($"CHATOPS__Alive: expected an address to listen on, such as http://0.0.0.0:8080, found \"{at}\"");
        var (origin, team) = ((Uri?)null, (WebListening?)null);
        if (Text(WebSettings.ListenName) is not null)
        {
            var found = new List<string>();
            team = WebSettings.Read(Text, found);
            problems.AddRange(found.Select(p => p.Replace("CHATOPS:Web:", "CHATOPS__Web__", StringComparison.Ordinal)));
            if (serves != "true")
                problems.Add("CHATOPS__Web__Listen: the page is served by a service only. Next: CHATOPS__Serve=true");
        }
        else if (Text("CHATOPS:Web:Origin") is { } page)
        {
            if (!(Uri.TryCreate(page, UriKind.Absolute, out origin) && origin.Scheme == Uri.UriSchemeHttps && origin.PathAndQuery == "/"))
                problems.Add(
                    $"CHATOPS__Web__Origin: expected where browsers find the page, such as https://NAME.azurewebsites.net, found \"{page}\""
                );
            if (serves != "true" || alive is null)
                problems.Add(
                    "CHATOPS__Web__Origin: the page is served by a service only. Next: CHATOPS__Serve=true, and CHATOPS__Alive where it listens, such as http://0.0.0.0:8080"
                );

            // Where nobody takes such headers out of requests from outside, anybody could say by them who they are.
            if (!string.Equals(Text("WEBSITE_AUTH_ENABLED"), "true", StringComparison.OrdinalIgnoreCase))
                problems.Add(
                    "CHATOPS__Web__Origin: who opens the page is what App Service's authentication says, and that is not on here. Next: set entraClientId of infra/azure; or CHATOPS__Web__Listen, and a provider in the policy file; or leave the origin out"
                );
        }

        var settings = new BotSettings(
            stores,
            functions,
            key,
            Text("CHATOPS:Policy") ?? Path.Combine(AppContext.BaseDirectory, "policy.json"),
            Text("CHATOPS:Gateways:Lab"),
            Text("CHATOPS:Gateways:Folder") is not null,
            Number("CHATOPS:Web:Port", 5080, ushort.MaxValue),
            TimeSpan.FromSeconds(Number("CHATOPS:Settle", 120, 86_400)),
            Text("CHATOPS:Discord:Notes") ?? Path.Combine(stores.FolderOf("bot"), "discord.db"),
            Text("CHATOPS:Checkpoints:File"),
            serves == "true",
            alive,
            origin,
            team
        );
        return problems.Count == 0 ? settings : throw new ConfigurationException(string.Join('\n', problems));

        string? Text(string name) => configuration[name] is { Length: > 0 } text ? text : null;

        int Number(string name, int otherwise, int most)
        {
            if (Text(name) is not { } text)
                return otherwise;
            if (int.TryParse(text, out var number) && number >= 0 && number <= most)
                return number;
            problems.Add(
                $"{name.Replace(":", "__", StringComparison.Ordinal)}: expected a number from 0 to {most}, such as {otherwise}, found \"{text}\""
            );
            return otherwise;
        }
    }
}
