using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using ChatOps.Core.Application.Ports;
using ChatOps.Core.Decisions;
using ChatOps.Core.Decisions.Policy;
using ChatOps.Core.Domain.Authority;
using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;
using ChatOps.Core.Language.Commands;

namespace ChatOps.Specs;

/// <summary>Given events, when a line is said, then events or a refusal: the form of all specs about decisions.</summary>
internal sealed class Given
{
    public static readonly Speaker Operator = Person("operator", Role.Operator);
    public static readonly Speaker Approver = Person("approver", Role.Approver);
    public static readonly Speaker SecondApprover = Person("second", Role.Approver);
    public static readonly Speaker Admin = Person("admin", Role.Admin);
    public static readonly Speaker Viewer = Person("viewer", Role.Viewer);
    public static readonly Speaker Stranger = new(new Actor("local", "stranger", "stranger"), []);
    public static readonly DateTimeOffset Start = new(2026, 11, 20, 9, 12, 0, TimeSpan.Zero);

    /// <summary>The WireGuard key of gw1 where it has one.</summary>
    public const string GatewayKey = "6zpVn1D2vgl+TFxFHbdC5fFqWlWaSjWsWdEHJnY3l2s=";

    private GatewayState _state = GatewayState.Initial(Text.Parse<Name<Gateway>>("gw1"));
    private ChangePolicy _policy = ChangePolicy.Default;
    private Decision? _decision;

    private Given() { }

    public GatewayState State => _state;

    /// <summary>What the last line came to; nothing when it was refused.</summary>
    public ImmutableArray<GatewayEvent> Events => _decision is Decision.Accepted { Events: var events } ? events : [];

    /// <summary>Why the last line was refused; null when it was not.</summary>
    public Refusal? Refusal => (_decision as Decision.Refused)?.Refusal;

    public static Given Nothing() => new();

    /// <summary>gw1 with both families, vm1 over WireGuard, vm2 and vm3 on Mycelium.</summary>
    public static Given AGateway() =>
        Nothing()
            .And(new GatewayAdded(0, Gateway()))
            .And(new VmAdded(0, Vm("vm1"), [Text.Parse<Address>("10.1.0.2")]))
            .And(new VmAdded(0, Vm("vm2"), [Text.Parse<Address>("400::100:0:0:2")]))
            .And(new VmAdded(0, Vm("vm3"), [Text.Parse<Address>("400::100:0:0:3")]));

    public static Gateway Gateway() =>
        Core.Domain.Gateways.Gateway.WithDefaults(
            Text.Parse<Name<Gateway>>("gw1"),
            [Text.Parse<Address>("203.0.113.10"), Text.Parse<Address>("2001:db8::10")],
            Text.Parse<HostKey>("SHA256:uNiVztksCsDhcc0u9e8BrrJXVGDgq0mPWhuYQyQ6sBE")
        );

    /// <summary>What a gateway says of itself on which nothing has happened yet.</summary>
    public static GatewayObservation Observation() =>
        new(
            new Revision(0),
            new Revision(0),
            "boot",
            TimeSpan.FromHours(5),
            12,
            ImmutableSortedDictionary<string, string>.Empty.Add("nginx", "active").Add("mycelium", "absent"),
            ImmutableDictionary<string, DateTimeOffset>.Empty,
            3,
            65536,
            null
        );

    public static Name<Vm> Vm(string name) => Text.Parse<Name<Vm>>(name);

    public Given And(GatewayEvent @event) => And(@event, Actor.Configuration);

    public Given And(GatewayEvent @event, Actor by)
    {
        var time = Start + TimeSpan.FromMinutes(_state.Version);
        _state = _state.With(new Recorded(0, "id", "stream", _state.Version + 1, time, by, null, null, @event, "", ""));
        return this;
    }

    public Given Under(params ImmutableArray<PolicyRule> rules)
    {
        _policy = new ChangePolicy(rules);
        return this;
    }

    /// <summary>A line is said; what it comes to is asserted next, and then true.</summary>
    public Given When(Speaker speaker, string line)
    {
        var command = Keyed(Assert.IsType<ParseResult.Understood>(Parser.Parse(line)).Command);
        _decision = command switch
        {
            ChangeCommand change => Decider.Decide(_state, change, speaker, _policy, Start + TimeSpan.FromMinutes(_state.Version)),
            ChangeDecision decision => Decider.Decide(_state, decision, speaker, _policy, Start + TimeSpan.FromMinutes(_state.Version)),
            Retry retry => Decider.Decide(_state, retry, speaker, _policy),
            _ => throw new InvalidOperationException($"{line} decides nothing"),
        };
        if (_decision is Decision.Accepted { Events: var events })
        {
            foreach (var @event in events)
                And(@event, speaker.Actor);
        }

        return this;
    }

    public Given Then(params string[] names)
    {
        var accepted = Assert.IsType<Decision.Accepted>(_decision);
        Assert.Equal(names, accepted.Events.Select(EventTypes.NameOf));
        return this;
    }

    public Given Refused(string sentence, params string[] next)
    {
        var refused = Assert.IsType<Decision.Refused>(_decision);
        Assert.Equal(sentence, refused.Refusal.Sentence);
        if (next.Length > 0)
            Assert.Equal(next, refused.Refusal.Next);
        return this;
    }

    /// <summary>A line is said, approved by someone else, and applied.</summary>
    public Given Applied(string line) => Accepted(line).Applied();

    public Given Accepted(string line) =>
        When(line.StartsWith("gateway ", StringComparison.Ordinal) ? Admin : Operator, line)
            .When(Approver, $"approve {_state.NextNumber - 1}");

    public Given Applied()
    {
        var head = _state.Head!;
        var revision = ((ChangeStatus.Accepted)head.Status).Revision;
        foreach (var effect in Lifetimes.Begun(head.Effects, Start + TimeSpan.FromMinutes(_state.Version)))
            And(effect, Actor.Apply);
        return And(
            new ChangeApplied(head.Number, revision, new string('a', 64), ImmutableSortedDictionary<string, int>.Empty, []),
            Actor.Apply
        );
    }

    public Given Failed()
    {
        var head = _state.Head!;
        var revision = ((ChangeStatus.Accepted)head.Status).Revision;
        return And(new ChangeFailed(head.Number, revision, "switching", "no", _state.RunningRevision), Actor.Apply);
    }

    /// <summary>A preshared key as it would lie in the log, sealed to gateways with these keys. Nobody can open it.</summary>
    public static SealedKeys Sealed(string seed, params string[] gateways) =>
        new(
            gateways.Select(g => new SealedKey(
                Text.Parse<WireGuardKey>(g),
                Convert.ToBase64String([
                    .. SHA512.HashData(Encoding.UTF8.GetBytes(seed + g)),
                    .. SHA256.HashData(Encoding.UTF8.GetBytes(seed + g))[..16],
                ])
            ))
        );

    // What the conversation makes before anything is decided.
    private static Command Keyed(Command command) =>
        command switch
        {
            AddPeer { Psk: true } add => add with { Preshared = Sealed(add.Line, GatewayKey) },
            RotatePeer { Psk: true } rotate => rotate with { Preshared = Sealed(rotate.Line, GatewayKey) },
            _ => command,
        };

    private static Speaker Person(string name, Role role) => new(new Actor("local", name, name), [role]);
}
