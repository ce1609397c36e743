using System.Diagnostics;
using ChatOps.Integration.FunctionsHost;

namespace ChatOps.Integration.Functions;

/// <summary>What is missing or wrong is named at start with an example, and the process ends with 2.</summary>
public sealed class SettingsTests
{
    private const string Storage = "UseDevelopmentStorage=true";

    [Theory]
    [InlineData(
        "ChatOps.Functions.dll",
        "CHATOPS__Storage: expected a storage account's connection string, such as UseDevelopmentStorage=true"
    )]
    [InlineData(
        "chatops-worker.dll",
        "CHATOPS__Storage: expected a storage account's connection string, such as UseDevelopmentStorage=true"
    )]
    [InlineData(
        "chatops-worker.dll",
        "CHATOPS__Worker__Listen: expected an address such as http://127.0.0.1:7071, found \"7071\"",
        "CHATOPS__Storage",
        Storage,
        "CHATOPS__Gateways__Folder",
        "/tmp/x",
        "CHATOPS__Worker__Listen",
        "7071"
    )]
    [InlineData(
        "ChatOps.Functions.dll",
        "CHATOPS__Ssh__IdentityFile: expected the file with the private key, such as /etc/",
        "CHATOPS__Storage",
        Storage
    )]
    [InlineData(
        "ChatOps.Functions.dll",
        "CHATOPS__Repair: expected asked or automatic, found \"no\"",
        "CHATOPS__Storage",
        Storage,
        "CHATOPS__Gateways__Folder",
        "/tmp/x",
        "CHATOPS__Repair",
        "no"
    )]
    [InlineData("chatops-bot.dll", "CHATOPS__Storage: expected a storage account's connection string, such as UseDevelopmentStorage=true")]
    [InlineData(
        "chatops-bot.dll",
        "a service's address belongs into CHATOPS__Log__ContainerUri",
        "CHATOPS__Storage",
        "https://x.blob.core.windows.net"
    )]
    [InlineData(
        "chatops-bot.dll",
        "CHATOPS__Log__ContainerUri: expected a container's address, such as https://ACCOUNT.blob.core.windows.net/log",
        "CHATOPS__Log__ContainerUri",
        "http://x/log"
    )]
    [InlineData(
        "chatops-bot.dll",
        "CHATOPS__Queue__Namespace: expected the Service Bus namespace, such as NAME.servicebus.windows.net",
        "CHATOPS__Log__ContainerUri",
        "https://x.blob.core.windows.net/log"
    )]
    [InlineData(
        "chatops-bot.dll",
        "CHATOPS__Functions__Key: expected the key",
        "CHATOPS__Storage",
        Storage,
        "CHATOPS__Functions__Url",
        "https://x.azurewebsites.net"
    )]
    [InlineData(
        "chatops-bot.dll",
        "CHATOPS__Functions__Url: expected the function app's address, such as https://",
        "CHATOPS__Storage",
        Storage,
        "CHATOPS__Functions__Url",
        "http://elsewhere",
        "CHATOPS__Functions__Key",
        "k"
    )]
    [InlineData(
        "chatops-bot.dll",
        "CHATOPS__Web__Port: expected a number from 0 to 65535, such as 5080, found \"web\"",
        "CHATOPS__Storage",
        Storage,
        "CHATOPS__Web__Port",
        "web"
    )]
    public async Task A_setting_is_named(string program, string sentence, params string[] settings)
    {
        var start = new ProcessStartInfo(
            "dotnet",
            [Path.Combine(program == "ChatOps.Functions.dll" ? BuiltApp.Folder : AppContext.BaseDirectory, program)]
        )
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        for (var i = 0; i < settings.Length; i += 2)
            start.Environment[settings[i]] = settings[i + 1];
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Contains(sentence, error, StringComparison.Ordinal);
        Assert.Equal(2, process.ExitCode);
    }
}
