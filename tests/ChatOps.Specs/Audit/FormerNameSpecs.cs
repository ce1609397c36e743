using System.Collections.Immutable;
using ChatOps.Core.Application.Ports;
using ChatOps.Core.Decisions.Policy;
using ChatOps.Core.Domain.Authority;
using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;
using ChatOps.Core.Language.Audit;
using ChatOps.Storage.ReadModels;
using ChatOps.Storage.Sqlite;

namespace ChatOps.Specs.Audit;

/// <summary>A story is found under all the names that its machine has had, and under no other's.</summary>
public sealed class FormerNameSpecs : IAsyncLifetime
{
    private static readonly Name<Gateway> Gw1 = Text.Parse<Name<Gateway>>("gw1");

    private readonly TempFolder _folder = new();
    private SqliteEventLog _log = null!;
    private GatewayState _state = GatewayState.Initial(Gw1);
    private int _change;

    public async Task InitializeAsync()
    {
        _log = await SqliteEventLog.OpenAsync(_folder.In("log.db"));
        await AppendAsync(
            Actor.Configuration,
            new GatewayAdded(0, Given.Gateway()),
            new VmAdded(0, Given.Vm("vm2"), [Text.Parse<Address>("400::2")])
        );
    }

    public async Task DisposeAsync()
    {
        await _log.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("web", "web · formerly shop or vm2", 1, 2, 3, 6, 7)]
    [InlineData("vm2", "vm2", 1, 2, 4, 5, 7, 8)]
    [InlineData("shop", "shop · formerly vm2", 1, 2, 3, 4, 5, 6, 7, 8, 9)]
    public async Task A_machine_has_a_story_under_all_its_names(string name, string understood, params int[] changes)
    {
        await HappenAsync(n => Opened(n, "80", "vm2:8080"));
        await HappenAsync(n => new VmRenamed(n, Given.Vm("vm2"), Given.Vm("shop")));

        // So much that the read model goes on from a snapshot.
        Assert.NotEmpty(await FoundAsync("shop"));
        for (var i = 0; i < 80; i++)
            await AppendAsync(
                Actor.Reconcile,
                new AlertRaised("clock", "the clock of gw1 is 11 s behind", null, []),
                new AlertCleared("clock", "the clock of gw1 is right again")
            );
        Assert.NotEmpty(await FoundAsync("shop"));
        await HappenAsync(n => Opened(n, "81", "shop:8080"));
        await HappenAsync(n => new VmAdded(n, Given.Vm("vm2"), [Text.Parse<Address>("400::3")]));
        await HappenAsync(n => Opened(n, "82", "vm2:8080"));
        await HappenAsync(n => new VmRenamed(n, Given.Vm("shop"), Given.Vm("web")));
        await HappenAsync(n => new ExposureClosed(n, Text.Parse<PublicEndpoint>("80")));
        await HappenAsync(n => new VmRenamed(n, Given.Vm("vm2"), Given.Vm("shop")));
        await HappenAsync(n => Opened(n, "83", "shop:8080"));
        Assert.Equal(understood, Resolved(name).InWords);
        Assert.Equal<int>(changes, await FoundAsync(name));
    }

    [Fact]
    public async Task A_vm_and_a_peer_of_one_name_give_it_up_each_for_itself()
    {
        var key = Text.Parse<WireGuardKey>("5zpVn1D2vgl+TFxFHbdC5fFqWlWaSjWsWdEHJnY3l2s=");
        await HappenAsync(n => new PeerAdded(n, Text.Parse<Name<Peer>>("vm2"), key, Text.Parse<Address>("10.1.0.2")));
        await HappenAsync(n => new VmRenamed(n, Given.Vm("vm2"), Given.Vm("web")));
        await HappenAsync(n => new PeerRekeyed(n, Text.Parse<Name<Peer>>("vm2"), key));
        await HappenAsync(n => new PeerRenamed(n, Text.Parse<Name<Peer>>("vm2"), Text.Parse<Name<Peer>>("laptop")));
        await HappenAsync(n => new VmAdded(n, Given.Vm("vm2"), [Text.Parse<Address>("400::3")]));
        Assert.Equal<int>([1, 2, 3, 4], await FoundAsync("laptop"));
        Assert.Equal<int>([1, 2], await FoundAsync("web"));
    }

    [Fact]
    public async Task A_machine_that_has_its_first_name_again_has_one_story()
    {
        await HappenAsync(n => Opened(n, "80", "vm2:8080"));
        await HappenAsync(n => new VmRenamed(n, Given.Vm("vm2"), Given.Vm("web")));
        await HappenAsync(n => Opened(n, "81", "web:8080"));
        await HappenAsync(n => new VmRenamed(n, Given.Vm("web"), Given.Vm("vm2")));
        await HappenAsync(n => Opened(n, "82", "vm2:8080"));
        Assert.Equal<int>([1, 2, 3, 4, 5], await FoundAsync("vm2"));
        Assert.Equal<int>([1, 2, 3, 4], await FoundAsync("web"));
    }

    private static ExposureOpened Opened(int change, string endpoint, string target) =>
        new(change, Text.Parse<PublicEndpoint>(endpoint), [Text.Parse<VmEndpoint>(target)]);

    private async Task<ImmutableArray<int>> FoundAsync(string name)
    {
        await using var past = new SqliteReadModel(_folder.In("past.db"), _log);
        var lines = await past.ReadAsync(Resolved(name).Search, default).ToListAsync();
        return [.. lines.Where(l => l.What == "applied").Select(l => l.Change)];
    }

    private AuditResolution Resolved(string name) =>
        AuditResolution.Of(new AuditFilter { Names = [name] }, [_state], Given.Viewer, Redaction.None, TimeProvider.System).Resolution!;

    private Task HappenAsync(Func<int, Effect> effect)
    {
        var (number, revision) = (++_change, new Revision(_change));
        return AppendAsync(
            Given.Operator.Actor,
            new ChangeProposed(number, "line", null, [effect(number)], new string('a', 64), new Approvals(0, Role.Approver.Name())),
            new ChangeAccepted(number, revision),
            effect(number),
            new ChangeApplied(number, revision, new string('c', 64), ImmutableSortedDictionary<string, int>.Empty, [])
        );
    }

    private async Task AppendAsync(Actor actor, params GatewayEvent[] events)
    {
        var stream = Gateway.StreamOf(Gw1);
        NewRecord[] records =
        [
            .. events.Select(
                (e, i) => new NewRecord($"r{_state.Version + i}", Given.Start.AddMinutes(_state.Version + i), actor, null, null, e)
            ),
        ];
        Assert.IsType<AppendResult.Appended>(await _log.AppendAsync(stream, _state.Version, records, default));
        await foreach (var recorded in _log.ReadStreamAsync(stream, _state.Version, default))
            _state = _state.With(recorded);
    }
}
