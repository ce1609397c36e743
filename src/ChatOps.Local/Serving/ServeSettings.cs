using ChatOps.Bot.Configuration;
using ChatOps.Bot.Hosting;

namespace ChatOps.Local.Serving;

/// <summary>
/// What the service is told: by its settings file, by the environment, and by its command line, the last one winning.
/// <c>CHATOPS:Web:Port</c> is an object in the file and <c>CHATOPS__Web__Port</c> in the environment.
/// </summary>
/// <param name="Data">The folder of the log and all that lies beside it.</param>
/// <param name="Way">Which gateways there are from the start, and how all of them are reached.</param>
/// <param name="Port">The page's port on 127.0.0.1; 0 for any.</param>
/// <param name="Socket">The Unix socket over which programs on this machine say lines.</param>
/// <param name="Checkpoints">A file for checkpoints; null for one beside the log.</param>
/// <param name="Web">The page for a team; null for one on this machine alone.</param>
internal sealed record ServeSettings(
    string Data,
    string Policy,
    GatewayWay Way,
    int Port,
    string Socket,
    string? Checkpoints,
    WebListening? Web
)
{
    /// <summary>Where the settings are when nobody says otherwise.</summary>
    public const string UsualFile = "/etc/chatops-server/chatops.json";

    /// <summary>Where the data are when nobody says otherwise.</summary>
    public const string UsualData = "/var/lib/chatops-server";

    public const string DataName = "CHATOPS:Data";

    private const string LabName = "CHATOPS:Gateways:Lab";
    private const string FolderName = "CHATOPS:Gateways:Folder";
    private const string IdentityName = "CHATOPS:Gateways:Identity";
    private const string PolicyName = "CHATOPS:Policy";
    private const string PortName = "CHATOPS:Web:Port";
    private const string SocketName = "CHATOPS:Socket";
    private const string CheckpointsName = "CHATOPS:Checkpoints:File";

    private static readonly string[] Known =
    [
        DataName,
        LabName,
        FolderName,
        IdentityName,
        PolicyName,
        PortName,
        SocketName,
        CheckpointsName,
        .. WebSettings.Names,
    ];

    /// <param name="file">The settings file. The usual one may be missing.</param>
    /// <param name="given">What the command line says; null values say nothing.</param>
    /// <exception cref="ConfigurationException">The file cannot be read.</exception>
    public static IConfigurationRoot Collect(string file, IReadOnlyDictionary<string, string?> given)
    {
        try
        {
            return new ConfigurationBuilder()
                .AddJsonFile(Path.GetFullPath(file), optional: file == UsualFile, reloadOnChange: false)
                .AddEnvironmentVariables()
                .AddInMemoryCollection(given.Where(g => g.Value is not null))
                .Build();
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"{file}: {e.InnerException?.Message ?? e.Message}", e);
        }
    }

    /// <param name="given">Which gateways the command line names; null when it does not.</param>
    /// <exception cref="ConfigurationException">What is missing or wrong, each with an example.</exception>
    public static ServeSettings Read(IConfiguration configuration, GatewayWay? given)
    {
        var problems = new List<string>();
        foreach (
            var unknown in NamesBelow(configuration.GetSection("CHATOPS")).Where(n => !Known.Contains(n, StringComparer.OrdinalIgnoreCase))
        )
            problems.Add($"{unknown}: there is no such setting. Expected {string.Join(", ", Known)}");
        var way = given ?? new(Text(LabName), Text(FolderName), Text(IdentityName));
        if (way is { Lab: not null, Folder: not null })
            problems.Add($"{LabName}, {FolderName}: expected one of them, or neither for the gateways that somebody adds");
        if (way is { IsOwn: false, Identity: not null })
            problems.Add($"{IdentityName}: it goes with gateways that somebody adds, without {LabName} and {FolderName}");
        var port = 5080;
        if (Text(PortName) is { } text && !(int.TryParse(text, out port) && port is >= 0 and <= ushort.MaxValue))
            problems.Add($"{PortName}: expected a port such as 5080, found \"{text}\"");
        var policy = Text(PolicyName)
            ?? (
                File.Exists("/etc/chatops-server/policy.json")
                    ? "/etc/chatops-server/policy.json"
                    : Path.Combine(AppContext.BaseDirectory, "policy.json")
            );
        var data = Text(DataName) ?? UsualData;
        var web = WebSettings.Read(Text, problems);
        return problems.Count == 0
            ? new(data, policy, way, port, Text(SocketName) ?? SocketOf(data), Text(CheckpointsName), web)
            : throw new ConfigurationException(string.Join('\n', problems));

        string? Text(string name) => configuration[name] is { Length: > 0 } value ? value : null;
    }

    // Where the package has made the folder for it; otherwise only the one who runs the service gets at it.
    private static string SocketOf(string data) =>
        data == UsualData && Directory.Exists(Path.GetDirectoryName(SocketFile.Usual)) ? SocketFile.Usual : SocketFile.In(data);

    private static IEnumerable<string> NamesBelow(IConfigurationSection section) =>
        section.Value is not null ? [section.Path] : section.GetChildren().SelectMany(NamesBelow);
}
