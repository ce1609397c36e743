namespace ChatOps.Azure.Shared;

/// <summary>Where the stores are that several processes share, as the settings say.</summary>
/// <param name="Connection">A storage account's connection string, for the local edition only; null in the cloud.</param>
/// <param name="Log">The log's container; null with a connection string, as are the others.</param>
/// <param name="Keys">The container of keys, for the bot only.</param>
/// <param name="Checkpoints">The container of checkpoints, for the bot only.</param>
/// <param name="BusNamespace">The Service Bus namespace whose queue brings nudges; null for a storage queue.</param>
/// <param name="Data">A folder on this machine for what can be made again from the log.</param>
public sealed record StoreSettings(
    string? Connection,
    Uri? Log,
    Uri? Leases,
    Uri? Board,
    Uri? Keys,
    Uri? Checkpoints,
    string? BusNamespace,
    string QueueName,
    string Data
)
{
    /// <summary>The queue's name where nothing else is said.</summary>
    public const string UsualQueue = "nudges";

    /// <summary>The folder of one process among them.</summary>
    /// <param name="process">Its name, such as <c>bot</c>.</param>
    public string FolderOf(string process) => Path.Combine(Data, process);

    /// <summary>Reads the settings; what is missing or wrong is added to the problems, each a sentence with an example.</summary>
    /// <param name="setting">A setting by its name, with colons between its parts; null for none.</param>
    public static StoreSettings Read(Func<string, string?> setting, ICollection<string> problems)
    {
        var connection = Text("CHATOPS:Storage");
        var settings = new StoreSettings(
            connection,
            ContainerAt("CHATOPS:Log:ContainerUri", "log"),
            ContainerAt("CHATOPS:Leases:ContainerUri", "leases"),
            ContainerAt("CHATOPS:Board:ContainerUri", "board"),
            ContainerAt("CHATOPS:Keys:ContainerUri", "keys"),
            ContainerAt("CHATOPS:Checkpoints:ContainerUri", "checkpoints"),
            Text("CHATOPS:Queue:Namespace"),
            Text("CHATOPS:Queue:Name") ?? UsualQueue,
            Text("CHATOPS:Data") ?? Path.Combine(Path.GetTempPath(), "chatops")
        );
        if (connection is null && settings.Log is null && problems.Count == 0)
            problems.Add(
                "CHATOPS__Storage: expected a storage account's connection string, such as UseDevelopmentStorage=true; or in the cloud CHATOPS__Log__ContainerUri, such as https://ACCOUNT.blob.core.windows.net/log"
            );
        if (connection is not null && !connection.Contains('=', StringComparison.Ordinal))
            problems.Add(
                "CHATOPS__Storage: expected a connection string, such as UseDevelopmentStorage=true; a service's address belongs into CHATOPS__Log__ContainerUri"
            );
        if (connection is null && settings.Log is not null && settings.BusNamespace is null)
            problems.Add("CHATOPS__Queue__Namespace: expected the Service Bus namespace, such as NAME.servicebus.windows.net");
        return settings;

        string? Text(string name) => setting(name) is { Length: > 0 } text ? text : null;

        Uri? ContainerAt(string name, string container)
        {
            if (Text(name) is not { } text)
                return
                    connection is null
                    && Text("CHATOPS:Log:ContainerUri") is { } log
                    && Uri.TryCreate(log, UriKind.Absolute, out var beside)
                    ? new Uri(beside, $"/{container}")
                    : null;
            if (
                Uri.TryCreate(text, UriKind.Absolute, out var uri)
                && uri.Scheme == Uri.UriSchemeHttps
                && uri.AbsolutePath.Trim('/').Length > 0
            )
                return uri;
            problems.Add(
                $"{name.Replace(":", "__", StringComparison.Ordinal)}: expected a container's address, such as https://ACCOUNT.blob.core.windows.net/{container}"
            );
            return null;
        }
    }
}
