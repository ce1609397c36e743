using System.Collections.Immutable;
using System.Security.Cryptography;
using ChatOps.Bot.Chat;
using ChatOps.Bot.Replies;
using ChatOps.Core.Application.Ports;
using ChatOps.Core.Application.Streams;
using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;
using ChatOps.Core.Language.Commands;

namespace ChatOps.Bot.Peers;

/// <summary>
/// Makes the keys of a peer that was named without them: a key pair, and a preshared key. The public key goes into the command, and so
/// does the preshared one, sealed to the gateways that it is for; what is secret is in the file that who asked gets, and nowhere else.
/// </summary>
public sealed class PeerKeys(IHealthBoard board, ReplyWriter writer, TimeProvider clock)
{
    private const int Glances = 50;

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>The command with its keys; a refusal when nobody could use them.</summary>
    /// <param name="states">All gateways, for those that mirror this one.</param>
    /// <param name="command">Any command; one that wants no key comes back as it is.</param>
    /// <param name="isPrivate">True when its speaker can be told something that nobody else sees.</param>
    internal async Task<KeyedCommand> KeyedAsync(
        ImmutableSortedDictionary<Name<Gateway>, GatewayState> states,
        GatewayState state,
        ChangeCommand command,
        bool isPrivate,
        CancellationToken cancel
    )
    {
        if (Wanted.Of(command) is not { } wanted)
            return new(command, null, null);
        if (state.Proposed.FirstOrDefault(c => c.Effects.Any(e => IsAbout(e, wanted.Peer))) is { } waiting)
        {
            var sentence = $"#{waiting.Number} by {waiting.By.Name} waits with a key for {wanted.Peer} already.";
            return No(command, sentence, $"show {waiting.Number}", $"withdraw {waiting.Number}");
        }

        if (!isPrivate)
        {
            var why = wanted.Pair ? "the key has to be yours" : "no preshared key can be made";
            return No(command, $"nothing can be shown to you alone here, so {why}.", wanted.Without);
        }

        if (await KeyOfAsync(state, cancel) is not { } key || Sealed(states, state, key) is not { } made)
        {
            var why = wanted.Pair
                ? $"no configuration can be made for {wanted.Peer}. With a key of your own it works."
                : "no preshared key can be sealed for it. Without one it works.";
            return No(command, $"{state.Name} has not said its WireGuard key yet, so {why}", "status", wanted.Without);
        }

        var pair = wanted.Pair ? KeyPair.Make() : null;
        ChangeCommand keyed = command switch
        {
            AddPeer add => add with { Key = pair?.Public ?? add.Key, Psk = true, Preshared = made.Sealed },
            RotatePeer rotate => rotate with { Key = pair?.Public ?? rotate.Key, Psk = true, Preshared = made.Sealed },
            _ => throw new InvalidOperationException($"{command.GetType().Name} has no key"),
        };
        return new(keyed, decided => FileOf(decided, pair, made, key), null);
    }

    // A gateway that mirrors this one and has not said its key makes one of its own, and says so.
    private Made? Sealed(ImmutableSortedDictionary<Name<Gateway>, GatewayState> states, GatewayState state, WireGuardKey key)
    {
        var preshared = RandomNumberGenerator.GetBytes(32);
        var mirrors = states.Values.Where(s => s.Running.Gateway?.Mirrors == state.Name).Select(s => board.Get(s.Name)?.Observation);
        var boxes = mirrors
            .Select(o => o?.WireGuardKey)
            .OfType<WireGuardKey>()
            .Prepend(key)
            .Distinct()
            .Select(k => KeyBox.Seal(preshared, k))
            .OfType<SealedKey>()
            .ToList();
        return boxes.Exists(b => b.Gateway == key) ? new(Convert.ToBase64String(preshared), new SealedKeys(boxes)) : null;
    }

    // The configuration, for exactly what was proposed: a line that arrives twice is answered by what was decided the first time, with
    // another key.
    private PrivateFile? FileOf(Outcome.Decided decided, KeyPair? pair, Made made, WireGuardKey key)
    {
        var state = decided.State;
        var effects = decided.Records.Select(r => r.Event).OfType<ChangeProposed>().SelectMany(p => p.Effects);
        if (effects.Select(e => Found(state, e, made.Sealed)).FirstOrDefault(f => f is not null) is not { } peer)
            return null;
        var gateway = state.Running.Gateway!;
        var behind = state.Desired.Peers.Values.Where(p => p.Name != peer.Name).SelectMany(p => p.Routes?.All ?? []);
        var model = new
        {
            Peer = peer.Name.ToString(),
            Gateway = gateway.Name.ToString(),
            PrivateKey = pair?.Private,
            Preshared = made.Key,
            Addresses = peer.AddressesAt(gateway).Select(a => $"{a}/{(a.Family == Family.IPv4 ? 32 : 128)}").ToArray(),
            GatewayKey = key.ToString(),
            Endpoint = new Socket(gateway.Addresses.Order().First(), gateway.WireGuardPort).ToString(),
            Networks = gateway.Networks.Select(n => n.Network).Concat(behind).Select(n => n.ToString()).ToArray(),
        };
        return new PrivateFile(
            pair is null ? $"{peer.Name}-{gateway.Name}.conf" : $"{peer.Name}.conf",
            writer.Write("peer-configuration", model) + "\n",
            pair is null ? $"peer rotate {peer.Name} {peer.Key} psk" : $"peer rotate {peer.Name}"
        );
    }

    private static Peer? Found(GatewayState state, Effect effect, SealedKeys preshared) =>
        effect switch
        {
            PeerAdded e when e.Preshared == preshared => new(e.Peer, e.Key, e.Address, e.Routes, e.Preshared),
            PeerRekeyed e when e.Preshared == preshared => state.Desired.Peers[e.Peer] with { Key = e.Key },
            _ => null,
        };

    // A program that has just started has not asked yet, but is about to.
    private async Task<WireGuardKey?> KeyOfAsync(GatewayState state, CancellationToken cancel)
    {
        for (var i = 0; i < Glances && board.Get(state.Name) is null; i++)
            await Task.Delay(PollInterval, clock, cancel);
        return board.Get(state.Name)?.Observation?.WireGuardKey;
    }

    private static KeyedCommand No(ChangeCommand command, string sentence, params string[] next) =>
        new(command, null, new(sentence, [.. next]));

    private static bool IsAbout(Effect effect, Name<Peer> peer) =>
        effect switch
        {
            PeerAdded e => e.Peer == peer,
            PeerRekeyed e => e.Peer == peer,
            _ => false,
        };

    /// <param name="Pair">True when a key pair is made too.</param>
    private sealed record Wanted(Name<Peer> Peer, bool Pair, string Without)
    {
        public static Wanted? Of(ChangeCommand command) =>
            command switch
            {
                AddPeer { Key: null } add => new(add.Peer, true, "help peer add"),
                RotatePeer { Key: null } rotate => new(rotate.Peer, true, "help peer rotate"),
                AddPeer { Psk: true } add => new(add.Peer, false, (add with { Psk = false }).Line),
                RotatePeer { Psk: true } rotate => new(rotate.Peer, false, (rotate with { Psk = false }).Line),
                _ => null,
            };
    }

    // Not a record, so that nothing prints what is in it by accident.
    private sealed class Made(string key, SealedKeys @sealed)
    {
        public string Key { get; } = key;

        public SealedKeys Sealed { get; } = @sealed;
    }
}

/// <param name="File">Makes what who asked gets, when what was decided is about the keys that were made; null when none were.</param>
/// <param name="Refusal">Why there is no key; null when there is.</param>
internal sealed record KeyedCommand(ChangeCommand Command, Func<Outcome.Decided, PrivateFile?>? File, Refusal? Refusal);
