using System.Collections.Immutable;
using ChatOps.Bot.Chat;
using ChatOps.Bot.Configuration;
using ChatOps.Bot.Hosting;
using ChatOps.Core.Domain.Changes;
using ChatOps.Hosting;
using ChatOps.Local;
using ChatOps.Operations.Applying;
using ChatOps.Specs.Chat;
using ChatOps.Storage.Sqlite;

namespace ChatOps.Specs.Hosting;

/// <summary>The policy file is read again while the program runs.</summary>
public sealed class PolicyWatchSpecs : IAsyncLifetime
{
    private const string People = """{ "id": "olga", "roles": ["operator"] }, { "id": "ada", "roles": ["approver"] }""";

    private readonly TempFolder _folder = new();
    private readonly List<string> _said = [];
    private LocalEdition _edition = null!;
    private PolicyFile _first = null!;
    private PolicyWatch _watch = null!;

    public async Task InitializeAsync()
    {
        Write($$"""{ "users": [{{People}}, { "id": "bo", "roles": ["approver"] }] }""");
        _first = PolicyFile.Load(_folder.In("policy.json"));
        var templates = Path.Combine(AppContext.BaseDirectory, "templates");
        _edition = await LocalEdition.StartAsync(
            _folder.In("log.db"),
            [Given.Gateway()],
            new ScriptedGateway(),
            _first.Policy,
            templates,
            ApplyOptions.Default,
            TimeProvider.System,
            SentenceLog.To(_said.Add),
            default
        );
        _watch = new PolicyWatch(_first, _edition.Core);
    }

    public async Task DisposeAsync()
    {
        await _edition.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task What_waits_is_bound_by_the_new_file_and_the_log_says_what_changed_and_when()
    {
        await SayAsync("olga", "vm add vm2 400::2", true);
        Write(
            $$"""{ "users": [{{People}}, { "id": "bo", "roles": ["approver"] }], "rules": [{ "commands": ["vm add"], "who": "operator", "approvals": 2 }] }"""
        );
        await _watch.LookAsync(default);
        Assert.Contains("the policy file has changed and is in force: rules.", _said);
        var changed = Assert.Single(await EventsAsync<PolicyChanged>());
        Assert.Equal(["rules"], changed.Places.AsEnumerable());
        await SayAsync("ada", "approve 1", true);
        Assert.Single(await EventsAsync<Core.Domain.Changes.ChangeTightened>());
        Assert.Equal(1, (await StateAsync()).Changes[1].Open.Total);
        await SayAsync("bo", "approve 1", true);
        Assert.Equal(0, (await StateAsync()).Changes[1].Open.Total);
        await _watch.LookAsync(default);
        Assert.Single(await EventsAsync<PolicyChanged>());
    }

    [Fact]
    public async Task Who_is_no_approver_any_more_approves_nothing_and_what_counts_later_is_said()
    {
        await SayAsync("olga", "vm add vm2 400::2", true);
        Write($$"""{ "users": [{ "id": "bo", "roles": ["viewer"], "unix": "bo" }, {{People}}, { "id": "carl" }] }""");
        await _watch.LookAsync(default);
        Assert.Contains(
            "the policy file has changed and is in force: users[0].roles[0], users[0].unix, users[3] is new. From the next start on: users[0].unix, users[3] is new.",
            _said
        );
        await SayAsync("bo", "approve 1", false);
        Write("""{ "users": [{ "id": "olga", "roles": ["operator"] }] }""");
        await _watch.LookAsync(default);
        await SayAsync("ada", "approve 1", false);
        await SayAsync("ada", "status", false);
        Assert.DoesNotContain(
            "ada",
            string.Join(' ', (await EventsAsync<PolicyChanged>()).SelectMany(e => e.Places)),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_wrong_file_leaves_the_former_one_in_force_and_says_so_until_it_is_right()
    {
        Write("{");
        await _watch.LookAsync(default);
        Assert.Empty(_said);
        await _watch.LookAsync(default);
        await _watch.LookAsync(default);
        Assert.Contains("The policy as it was before stays in force.", Assert.Single(_said), StringComparison.Ordinal);
        await SayAsync("olga", "vm add vm2 400::2", true);
        Write(_first.Source);
        await _watch.LookAsync(default);
        Assert.Empty(await EventsAsync<PolicyChanged>());
        using var patience = new CancellationTokenSource(Patience.Limit);
        Assert.Contains(
            "stays in force",
            (await _edition.Room.FollowAsync(patience.Token).FirstAsync(e => e.Message.Text.StartsWith("over: ", StringComparison.Ordinal)))
                .Message
                .Text,
            StringComparison.Ordinal
        );
    }

    private async Task SayAsync(string id, string line, bool isDone) =>
        Assert.Equal(
            isDone,
            await _edition.Core.Conversation.HandleAsync(
                new ChatLine($"{Guid.NewGuid():N}", _first.Users.First(u => u.Actor.Id == id), line, null),
                default
            )
        );

    private async Task<Core.Domain.Changes.GatewayState> StateAsync() =>
        await _edition.Core.Ledger.LoadAsync(Given.Gateway().Name, default);

    private async Task<ImmutableArray<T>> EventsAsync<T>()
    {
        await using var log = await SqliteEventLog.OpenAsync(_folder.In("log.db"));
        return [.. (await log.ReadAllAsync(0, default).ToListAsync()).Select(r => r.Event).OfType<T>()];
    }

    private void Write(string json) => File.WriteAllText(_folder.In("policy.json"), json);
}
