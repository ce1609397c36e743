using System.Diagnostics;
using System.Net;
using ChatOps.Integration.Azurites;
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
        var (alive, links) = (new Uri($"http://127.0.0.1:{FreePort.Next()}/"), folder.In("bot/sign-in"));
        using var process = StartIn(folder, ("CHATOPS__Alive", alive.ToString()));
        var said = process.StandardOutput.ReadToEndAsync();
        var complained = process.StandardError.ReadToEndAsync();
        try
        {
            process.StandardInput.Close();
            using var client = new HttpClient();
            await Eventually.TrueAsync(
                () => process.HasExited || File.Exists(links) && new FileInfo(links).Length > 0,
                () => "it does not serve"
            );
            Assert.False(process.HasExited);
            Assert.Equal("alive", await client.GetStringAsync(alive));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(links));
            var link = (await File.ReadAllTextAsync(links))
                .Split(' ', '\n')
                .First(w => w.Contains("/sign-in?token=", StringComparison.Ordinal));
            Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(link)).StatusCode);

            Process.Start("kill", ["-TERM", $"{process.Id}"]).WaitForExit();
            await process.WaitForExitAsync(Patience.Token);
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

    [Fact]
    public async Task Behind_an_identity_provider_it_serves_the_page_to_whom_the_policy_knows()
    {
        using var folder = new TempFolder();
        const string Account = "6f1c3b1e-8c3b-4f0e-9d55-0d1c5f1f2a10";
        await File.WriteAllTextAsync(
            folder.In("policy.json"),
            $$"""{ "users": [{ "id": "ada", "roles": ["admin"], "entra": "{{Account}}" }] }"""
        );
        var listen = new Uri($"http://127.0.0.1:{FreePort.Next()}/");
        using var process = StartIn(
            folder,
            ("CHATOPS__Alive", listen.ToString()),
            ("CHATOPS__Policy", folder.In("policy.json")),
            ("CHATOPS__Web__Origin", "https://bot.example.com"),
            ("WEBSITE_AUTH_ENABLED", "True")
        );
        var (said, complained) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        try
        {
            process.StandardInput.Close();
            using var client = new HttpClient { BaseAddress = listen };
            client.DefaultRequestHeaders.Host = "bot.example.com";
            await Eventually.TrueAsync(async () => process.HasExited || await AnswersAsync(client), () => "it does not serve");
            Assert.False(process.HasExited);
            Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("/")).StatusCode);
            client.DefaultRequestHeaders.Add("X-MS-CLIENT-PRINCIPAL-IDP", "aad");
            client.DefaultRequestHeaders.Add("X-MS-CLIENT-PRINCIPAL-ID", Account);
            Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/")).StatusCode);
            Process.Start("kill", ["-TERM", $"{process.Id}"]).WaitForExit();
            await process.WaitForExitAsync(Patience.Token);
            Assert.Equal(0, process.ExitCode);
            Assert.Contains("serving https://bot.example.com/ until SIGTERM, to 1 of the people", await said, StringComparison.Ordinal);
            Assert.False(File.Exists(folder.In("bot/sign-in")));
            await complained;
        }
        finally
        {
            if (!process.HasExited)
                process.Kill();
        }
    }

    [Fact]
    public async Task On_an_address_of_its_own_it_serves_the_page_to_whoever_signs_in_at_the_provider_of_the_policy()
    {
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(
            folder.In("policy.json"),
            """{ "users": [{ "id": "ada", "roles": ["admin"], "oidc": "4711" }], "oidc": { "issuer": "https://login.example.com", "clientId": "chatops" } }"""
        );
        var listen = new Uri($"http://127.0.0.1:{FreePort.Next()}/");
        using var process = StartIn(
            folder,
            ("CHATOPS__Policy", folder.In("policy.json")),
            ("CHATOPS__Web__Listen", $"{listen}"),
            ("CHATOPS__Web__Origin", "https://bot.example.com")
        );
        var (said, complained) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        try
        {
            process.StandardInput.Close();
            using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = listen };
            client.DefaultRequestHeaders.Host = "bot.example.com";
            await Eventually.TrueAsync(async () => process.HasExited || await AnswersAsync(client), () => "it does not serve");
            Assert.False(process.HasExited);

            // What App Service would say does not count here.
            client.DefaultRequestHeaders.Add("X-MS-CLIENT-PRINCIPAL-IDP", "aad");
            client.DefaultRequestHeaders.Add("X-MS-CLIENT-PRINCIPAL-ID", "4711");
            using var page = await client.GetAsync("/");
            Assert.Equal((HttpStatusCode.Redirect, "/sign-in"), (page.StatusCode, page.Headers.Location!.OriginalString));
            Process.Start("kill", ["-TERM", $"{process.Id}"]).WaitForExit();
            await process.WaitForExitAsync(Patience.Token);
            Assert.Equal(0, process.ExitCode);
            Assert.Contains(
                "serving https://bot.example.com/ until SIGTERM, to whoever signs in at https://login.example.com",
                await said,
                StringComparison.Ordinal
            );
            Assert.False(File.Exists(folder.In("bot/sign-in")));
            await complained;
        }
        finally
        {
            if (!process.HasExited)
                process.Kill();
        }
    }

    private static async Task<bool> AnswersAsync(HttpClient client)
    {
        try
        {
            using var answer = await client.GetAsync("/");
            return true;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private Process StartIn(TempFolder folder, params (string Name, string Value)[] settings)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "chatops-bot.dll")])
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
            },
        };
        foreach (var (name, value) in settings)
            start.Environment[name] = value;
        return Process.Start(start)!;
    }
}
