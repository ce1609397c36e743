using ChatOps.Gateway.Checking;
using ChatOps.Gateway.State;

namespace ChatOps.Gateway.Receiving;

/// <summary>The preshared keys that a revision brings, sealed to this machine or to another one.</summary>
internal sealed class PresharedKeys(IEnumerable<SealedRow> rows, byte[] secret)
{
    // What was sealed to another machine is no affair of this one.
    private readonly Dictionary<string, string> _boxes = rows.Where(r => r.Gateway == KeyBox.PublicOf(secret))
        .ToDictionary(r => r.Peer, r => r.Box, StringComparer.Ordinal);

    /// <summary>
    /// The preshared key of a peer in base64. Where none was sealed to this machine, which has been made anew since, it is one that nobody
    /// has: the peer stays outside, as it would without the right one, and nothing else is held up.
    /// </summary>
    /// <exception cref="Refusal">What was sealed to this machine is not what it says.</exception>
    public string Of(string peer)
    {
        if (!_boxes.TryGetValue(peer, out var box))
            return Convert.ToBase64String(Files.Random(32));
        return KeyBox.Open(Convert.FromBase64String(box), secret) is { } key
            ? Convert.ToBase64String(key)
            : throw new Refusal("validating", "", $"the preshared key of {peer} was sealed to this gateway and does not open", "secrets");
    }
}
