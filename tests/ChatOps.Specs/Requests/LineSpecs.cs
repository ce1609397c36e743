using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ChatOps.Bot.Configuration;
using ChatOps.Bot.Requests;
using ChatOps.Delivery.Folder;
using ChatOps.Local;
using ChatOps.Local.Calling;
using ChatOps.Local.Commands;
using ChatOps.Operations.Applying;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace ChatOps.Specs.Requests;

/// <summary>Lines of programs: over a socket, where the kernel says whose they are, and over HTTP with a token.</summary>
public sealed class LineSpecs : IAsyncLifetime
{
    private const string Token = "chatops_a-token-of-these-specs";

    private readonly TempFolder _folder = new();
    private LocalEdition _edition = null!;
    private LineSocket _socket = null!;
    private WebApplication _web = null!;
    private Accounts _accounts = null!;

    public async Task InitializeAsync()
    {
        // The account that runs these specs is alice.
        await File.WriteAllTextAsync(
            _folder.In("policy.json"),
            $$"""{ "users": [{ "id": "alice", "roles": ["operator"], "unix": "{{Environment.UserName}}" }, { "id": "bob", "roles": ["approver"], "token": "{{Caller.HashOf(Token)}}" }] }"""
        );
        var policy = PolicyFile.Load(_folder.In("policy.json"));
        _accounts = policy.Accounts;
        var gateway = new FolderGatewayClient(_folder.In("gateway"), TimeProvider.System);
        var templates = Path.Combine(AppContext.BaseDirectory, "templates");
        _edition = await LocalEdition.StartAsync(
            _folder.In("log.db"),
            KnownGateways.OfFolders,
            gateway,
            policy.Policy,
            templates,
            ApplyOptions.Default,
            TimeProvider.System,
            NullLoggerFactory.Instance,
            default
        );
        _socket = await LineSocket.OpenAsync(_folder.In("s"), _accounts, _edition.Core, default);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _web = builder.Build();
        LineEndpoint.Map(_web, _edition.Core, (context, line) => Caller.ByToken(context, line, _accounts));
        await _web.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _web.DisposeAsync();
        await _socket.DisposeAsync();
        await _edition.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Two_programs_of_two_people_change_a_gateway()
    {
        using var alice = AsAlice();
        using var bob = WithToken(Token);
        var proposed = ResultOf(await SayAsync(alice, new("vm add vm2 400::100:0:0:2")));
        Assert.Equal(("alice", 0, new ChangeResult("gw1", 1, "proposed", null)), (proposed.By, proposed.Code, proposed.Change));
        var own = ResultOf(await SayAsync(alice, new("approve 1")));
        Assert.Equal((false, 1), (own.IsTaken, own.Code));
        Assert.StartsWith("approve needs the role approver", own.Problem, StringComparison.Ordinal);
        var events = await SayAsync(bob, new("approve 1") { Wait = true });
        var applied = ResultOf(events);
        Assert.Equal(("bob", 0, new ChangeResult("gw1", 1, "applied", 1)), (applied.By, applied.Code, applied.Change));
        Assert.Contains(events, e =>
            e is { Event: "message", Text: var text } && text!.Contains("confirmed · revision 1", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task A_card_offers_what_the_one_who_called_may_say()
    {
        using var alice = AsAlice();
        using var bob = WithToken(Token);
        var proposed = ResultOf(await SayAsync(alice, new("vm add vm2 400::100:0:0:2")));
        Assert.Equal("show 1", proposed.Text.Split('\n')[^1]);
        Assert.DoesNotContain("approve", proposed.Text.Replace("approver", "", StringComparison.Ordinal), StringComparison.Ordinal);
        await SayAsync(bob, new("approve 1") { Wait = true });
        var opened = ResultOf(await SayAsync(alice, new("expose vm2:8080 on 80")));
        Assert.Equal("show 2", opened.Text.Split('\n')[^1]);
        Assert.Equal("show 2", ResultOf(await SayAsync(bob, new("approve 2") { Wait = true })).Text.Split('\n')[^1]);
    }

    [Fact]
    public async Task A_gateway_that_is_a_folder_opens_nothing_and_says_so()
    {
        using var alice = AsAlice();
        using var bob = WithToken(Token);
        await SayAsync(alice, new("vm add vm2 400::100:0:0:2"));
        await SayAsync(bob, new("approve 1") { Wait = true });
        await SayAsync(alice, new("expose vm2:8080 on 80"));
        var card = ResultOf(await SayAsync(bob, new("approve 2") { Wait = true })).Text;
        Assert.Contains(
            "\n  only written, and nothing is open: gw1 is a folder; on a machine it would be http://203.0.113.10  http://[2001:db8::10]\n",
            card,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain("  open:", card, StringComparison.Ordinal);
        await Eventually.TrueAsync(async () =>
            ResultOf(await SayAsync(alice, new("status")))
                .Text.Contains(
                    " · 1 port written · 1 VM · 0 peers · a folder: its files are written, and nothing is switched on",
                    StringComparison.Ordinal
                )
        );
        Assert.Contains(
            "1 written\n  gw1 is a folder: its ports are only written, and not open\n",
            ResultOf(await SayAsync(alice, new("list"))).Text,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Who_waits_hears_how_another_decides()
    {
        using var alice = AsAlice();
        using var bob = WithToken(Token);
        var waiting = SayAsync(alice, new("vm add vm2 400::100:0:0:2") { Wait = true });
        LineResult denied;
        do denied = ResultOf(await SayAsync(bob, new("deny 1 because \"not today\"") { Wait = true }));
        while (!denied.IsTaken);
        Assert.Equal((0, "denied"), (denied.Code, denied.Change!.State));
        var result = ResultOf(await waiting);
        Assert.Equal((true, 1, "denied"), (result.IsTaken, result.Code, result.Change!.State));
    }

    [Fact]
    public async Task A_wait_has_an_end()
    {
        using var alice = AsAlice();
        var result = ResultOf(await SayAsync(alice, new("vm add vm2 400::100:0:0:2", Wait: true, Seconds: 1)));
        Assert.Equal((1, "gw1#1 has not ended after 1 s. It is saved, and goes on. Next: chatops show 1"), (result.Code, result.Problem));
    }

    [Fact]
    public async Task Audit_and_status_come_as_data()
    {
        using var alice = AsAlice();
        await SayAsync(alice, new("vm add vm2 400::100:0:0:2"));
        var audit = ResultOf(await SayAsync(alice, new("audit vm2", Data: true)));
        Assert.Equal("proposed", audit.Data!["lines"]![0]!["what"]!.GetValue<string>());
        var status = ResultOf(await SayAsync(alice, new("status", Data: true)));
        Assert.Equal("gw1", status.Data!["gateways"]![0]!["name"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_token_that_is_nobodys_is_refused()
    {
        using var stranger = WithToken("chatops_another");
        using var answer = await stranger.PostAsJsonAsync("/v1/lines", new LineRequest("status"));
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.StartsWith(
            "this token is nobody's. Next: chatops token",
            await answer.Content.ReadAsStringAsync(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task An_account_that_is_nobody_is_told_what_to_do()
    {
        await using var socket = await LineSocket.OpenAsync(_folder.In("s2"), Accounts.None, _edition.Core, default);
        using var way = LineWay.Of(socket.Path, null, _ => null, out _)!;
        using var answer = await way.Client.PostAsJsonAsync("/v1/lines", new LineRequest("status"));
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Contains(
            $"is nobody in the policy file. Next: \"unix\": \"{Environment.UserName}\"",
            await answer.Content.ReadAsStringAsync(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_socket_that_was_left_behind_is_replaced_and_one_in_use_is_not()
    {
        await Assert.ThrowsAsync<ConfigurationException>(() => LineSocket.OpenAsync(_socket.Path, _accounts, _edition.Core, default));
        using (
            var left = new System.Net.Sockets.Socket(
                System.Net.Sockets.AddressFamily.Unix,
                System.Net.Sockets.SocketType.Stream,
                System.Net.Sockets.ProtocolType.Unspecified
            )
        )
            left.Bind(new System.Net.Sockets.UnixDomainSocketEndPoint(_folder.In("left")));
        await using var again = await LineSocket.OpenAsync(_folder.In("left"), _accounts, _edition.Core, default);
        Assert.True(File.Exists(again.Path));
    }

    [Theory]
    [InlineData("http://chat.example.com", "t", "--url http://chat.example.com: expected https://HOST")]
    [InlineData("https://chat.example.com", null, "no token: expected CHATOPS_TOKEN")]
    public void A_token_goes_only_where_nobody_reads_it(string url, string? token, string sentence)
    {
        Assert.Null(LineWay.Of(null, url, name => name == "CHATOPS_TOKEN" ? token : null, out var problem));
        Assert.StartsWith(sentence, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_shell_took_out_of_quotes_is_put_into_them_again() =>
        Assert.Equal(
            "expose vm2:80 on 80 because \"launch of the shop\"",
            SayCommand.Line(["expose", "vm2:80", "on", "80", "because", "launch of the shop"])
        );

    private HttpClient AsAlice() => LineWay.Of(_socket.Path, null, _ => null, out _)!.Client;

    private HttpClient WithToken(string token) =>
        LineWay.Of(null, _web.Urls.First(), name => name == "CHATOPS_TOKEN" ? token : null, out _)!.Client;

    private static async Task<LineEvent[]> SayAsync(HttpClient client, LineRequest line)
    {
        using var answer = await client.PostAsJsonAsync("/v1/lines", line, LineEvent.Json);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        return
        [
            .. text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(l => JsonSerializer.Deserialize<LineEvent>(l, LineEvent.Json)!),
        ];
    }

    private static LineResult ResultOf(LineEvent[] events) => events[^1].Result!;
}
