using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using ChatOps.Integration.Azurites;
using ChatOps.Integration.Functions;
using ChatOps.Specs;

namespace ChatOps.Integration.Service;

/// <summary>The bot where nobody types: a service in a container or on App Service.</summary>
[Collection(AzuriteCollection.Name), Trait("needs", "Azurite")]
public sealed class ServiceTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task A_service_goes_on_after_the_end_of_its_input_keeps_its_links_to_itself_and_ends_well_when_it_is_asked_to()
    {
        using var folder = new TempFolder();
        var (alive, links) = (new Uri($"http://127.0.0.1:{FreePort()}/"), folder.In("bot/sign-in"));
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "ChatOps.Bot.dll")])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["CHATOPS__Storage"] = azurite.Azurite.ConnectionString,
                ["CHATOPS__Data"] = folder.Path,
                ["CHATOPS__Gateways__Folder"] = "gateway",
                ["CHATOPS__Web__Port"] = "0",
                ["CHATOPS__Serve"] = "true",
                ["CHATOPS__Alive"] = alive.ToString(),
            },
        };
        using var process = Process.Start(start)!;
        var said = process.StandardOutput.ReadToEndAsync();
        var complained = process.StandardError.ReadToEndAsync();
        try
        {
            process.StandardInput.Close();
            using var client = new HttpClient();
            await Until.TrueAsync(() => process.HasExited || File.Exists(links) && new FileInfo(links).Length > 0, () => "it does not serve");
            Assert.False(process.HasExited);
            Assert.Equal("alive", await client.GetStringAsync(alive));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(links));
            var link = (await File.ReadAllTextAsync(links)).Split(' ', '\n').First(w => w.Contains("/sign-in?token=", StringComparison.Ordinal));
            Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(link)).StatusCode);

            Process.Start("kill", ["-TERM", $"{process.Id}"]).WaitForExit();
            await process.WaitForExitAsync(new CancellationTokenSource(TimeSpan.FromSeconds(20)).Token);
            Assert.Equal(0, process.ExitCode);
            Assert.False(File.Exists(links));
            Assert.Contains("serving until SIGTERM", await said, StringComparison.Ordinal);
            Assert.DoesNotContain(link.Split('=')[1], await said + await complained, StringComparison.Ordinal);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill();
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
