using ChatOps.Bot.Chat;
using ChatOps.Bot.Replies;
using ChatOps.Core.Changes;
using ChatOps.Core.Commands;
using ChatOps.Core.Gateways;
using ChatOps.Core.Policy;
using ChatOps.Core.Ports;
using ChatOps.Core.Values;

namespace ChatOps.Bot.Peers;

/// <summary>
/// Makes a key pair for a peer that was named without a key. The public key goes into the command; the private one is in the configuration
/// that who asked gets, and nowhere else.
/// </summary>
public sealed class PeerKeys(IHealthBoard board, ReplyWriter writer, TimeProvider clock)
{
    private const int Glances = 50;

    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(100);

    /// <summary>The command with a key; a refusal when nobody could use that key.</summary>
    /// <param name="state">The gateway.</param>
    /// <param name="command">Any command; one that wants no key comes back as it is.</param>
    /// <param name="isPrivate">True when its speaker can be told something that nobody else sees.</param>
    /// <param name="cancel">Gives up waiting.</param>
    internal async Task<KeyedCommand> KeyedAsync(GatewayState state, ChangeCommand command, bool isPrivate, CancellationToken cancel)
    {
        if (NameOf(command) is not { } peer)
            return new(command, null, null);
        if (state.Proposed.FirstOrDefault(c => c.Effects.Any(e => IsAbout(e, peer))) is { } waiting)
            return new(command, null, new($"#{waiting.Number} by {waiting.By.Name} waits with a key for {peer} already.", $"show {waiting.Number}", $"withdraw {waiting.Number}"));
        if (!isPrivate)
            return new(command, null, new("nothing can be shown to you alone here, so the key has to be yours.", $"{command.Line} PUBLICKEY"));
        if (await KeyOfAsync(state, cancel) is not { } key)
        {
            return new(
                command,
                null,
                new($"{state.Name} has not said its WireGuard key yet, so no configuration can be made for {peer}. With a key of your own it works.", "status", $"{command.Line} PUBLICKEY")
            );
        }

        var pair = KeyPair.Make();
        ChangeCommand keyed = command switch
        {
            AddPeer add => add with { Key = pair.Public },
            RotatePeer rotate => rotate with { Key = pair.Public },
            _ => throw new InvalidOperationException($"{command.GetType().Name} has no key"),
        };
        return new(keyed, decided => FileOf(decided, pair, key), null);
    }

    // The configuration, for exactly what was proposed: a line that arrives twice is answered by what was decided the first time, with
    // another key.
    private PrivateFile? FileOf(Outcome.Decided decided, KeyPair pair, WireGuardKey key)
    {
        var state = decided.State;
        var effects = decided.Records.Select(r => r.Event).OfType<ChangeProposed>().SelectMany(p => p.Effects);
        var (name, address) = effects.Select(e => Found(state, e, pair.Public)).FirstOrDefault(f => f.Name is not null);
        if (name is null)
            return null;
        var gateway = state.Running.Gateway!;
        var model = new
        {
            Peer = name,
            Gateway = gateway.Name.ToString(),
            PrivateKey = pair.Private,
            Address = address.ToString(),
            Bits = address.Family == Family.IPv4 ? 32 : 128,
            GatewayKey = key.ToString(),
            Endpoint = new Socket(gateway.Addresses.Order().First(), gateway.WireGuardPort).ToString(),
            Networks = state.Desired.Peers.Values.Where(p => p.Name.ToString() != name).SelectMany(p => p.Routes?.All ?? []).Prepend(gateway.WireGuard.Network).Select(n => n.ToString()).ToArray(),
        };
        return new PrivateFile($"{name}.conf", writer.Write("peer-configuration", model) + "\n", $"peer rotate {name}");
    }

    private static (string? Name, Address Address) Found(GatewayState state, Effect effect, WireGuardKey key) =>
        effect switch
        {
            PeerAdded e when e.Key == key => (e.Peer.ToString(), e.Address),
            PeerRekeyed e when e.Key == key => (e.Peer.ToString(), state.Desired.Peers[e.Peer].Address),
            _ => default,
        };

    // A program that has just started has not asked yet, but is about to.
    private async Task<WireGuardKey?> KeyOfAsync(GatewayState state, CancellationToken cancel)
    {
        for (var i = 0; i < Glances && board.Get(state.Name) is null; i++)
            await Task.Delay(Glance, clock, cancel);
        return board.Get(state.Name)?.Observation?.WireGuardKey;
    }

    private static Name<Peer>? NameOf(ChangeCommand command) =>
        command switch
        {
            AddPeer { Key: null } add => add.Peer,
            RotatePeer { Key: null } rotate => rotate.Peer,
            _ => null,
        };

    private static bool IsAbout(Effect effect, Name<Peer> peer) =>
        effect switch
        {
            PeerAdded e => e.Peer == peer,
            PeerRekeyed e => e.Peer == peer,
            _ => false,
        };
}

/// <summary>A command whose peer has a key.</summary>
/// <param name="Command">The command.</param>
/// <param name="File">Makes what who asked gets, when what was decided is about the key that was made; null when none was made.</param>
/// <param name="Refusal">Why there is no key; null when there is.</param>
internal sealed record KeyedCommand(ChangeCommand Command, Func<Outcome.Decided, PrivateFile?>? File, Refusal? Refusal);
