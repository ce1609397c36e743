using System.Collections.Immutable;

namespace ChatOps.Core.Domain.Values;

/// <summary>
/// What a question is about: a web address, a port of one protocol (<c>53/udp</c>, <c>80/tcp</c>), or a port without one, which means both:
/// who asks who opened 53 wants to hear of udp 53 too. What is to be <em>done</em> names one, as <see cref="PublicEndpoint"/> reads it.
/// </summary>
public readonly record struct AskedEndpoint : IText<AskedEndpoint>
{
    private AskedEndpoint(PublicEndpoint endpoint, bool isEither) => (One, IsEither) = (endpoint, isEither);

    private PublicEndpoint One { get; }

    /// <summary>True for a port without a protocol.</summary>
    public bool IsEither { get; }

    /// <summary>True for a port, false for a web address.</summary>
    public bool IsPort => One.Port is not null;

    /// <summary>The endpoints that are meant.</summary>
    public ImmutableArray<PublicEndpoint> Endpoints =>
        IsEither && One.Port is { } port ? [port, port with { Protocol = Protocol.Udp }] : [One];

    /// <summary>As people read it in a sentence: <c>port 80</c>, <c>udp 53</c>, <c>app.example.com/api</c>.</summary>
    public string Spoken => IsEither ? $"port {One.Port!.Value.Port}" : One.Spoken;

    /// <inheritdoc/>
    public static string Expected => "a port (1 to 65535, with /tcp or /udp for one of both) or a host name";

    /// <inheritdoc/>
    public static bool TryParse(string text, out AskedEndpoint value)
    {
        var isOne = PublicEndpoint.TryParse(text, out var endpoint);
        value = isOne ? new(endpoint, endpoint.Port is not null && !text.Contains('/', StringComparison.Ordinal)) : default;
        return isOne;
    }

    /// <summary>In words what was found of it: the one protocol when there is no other.</summary>
    public string SpokenOf(IEnumerable<PublicEndpoint> found) => found.Distinct().ToList() is [var only] ? only.Spoken : Spoken;

    /// <summary>As it is typed.</summary>
    public override string ToString() => !IsPort || IsEither || One.Port is { Protocol: Protocol.Udp } ? $"{One}" : $"{One}/tcp";
}
