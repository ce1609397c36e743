using System.Collections.Immutable;
using System.Text.Json.Serialization;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Core.Domain.Gateways;

/// <summary>Where a certificate is in its time.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CertificateAge>))]
public enum CertificateAge
{
    /// <summary>It holds.</summary>
    [JsonStringEnumMemberName("holds")]
    Holds,

    /// <summary>It holds, and ends within <see cref="HeldCertificate.Notice"/>.</summary>
    [JsonStringEnumMemberName("ends")]
    Ends,

    /// <summary>It held.</summary>
    [JsonStringEnumMemberName("ended")]
    Ended,

    /// <summary>It will hold.</summary>
    [JsonStringEnumMemberName("early")]
    Early,
}

/// <summary>A certificate that lies on a gateway to be used, whether it is or not.</summary>
/// <param name="Hosts">The names that it is for, with wildcards; empty when it does not say, or says too many to list.</param>
/// <param name="Begins">From when it holds.</param>
/// <param name="Ends">Until when.</param>
/// <param name="Age">Where it was in its time when it was looked at.</param>
public sealed record HeldCertificate(
    Name<Certificate> Name,
    ImmutableArray<string> Hosts,
    DateTimeOffset Begins,
    DateTimeOffset Ends,
    CertificateAge Age = CertificateAge.Holds
)
{
    /// <summary>How long before its end people are told.</summary>
    public static TimeSpan Notice { get; } = TimeSpan.FromDays(30);

    /// <summary>The same as it is at a time.</summary>
    public HeldCertificate At(DateTimeOffset now) => this with { Age = AgeOf(Begins, Ends, now) };

    /// <summary>What people should know before a web address, or a service, uses it; null for nothing.</summary>
    /// <param name="host">The web address's host; null for a service, whose clients may ask for any.</param>
    public string? Warning(string? host) =>
        host is not null && !Hosts.IsEmpty && !Hosts.Any(h => Covers(h, host))
            ? $"certificate {Name} is for {string.Join(", ", Hosts.Take(3))}{(Hosts.Length > 3 ? ", ..." : "")}, not for {host}"
            : Words($"{Name}", Age, Begins, Ends);

    /// <summary>Where in its time a certificate is.</summary>
    public static CertificateAge AgeOf(DateTimeOffset begins, DateTimeOffset ends, DateTimeOffset now) =>
        now >= ends ? CertificateAge.Ended
        : now < begins ? CertificateAge.Early
        : ends - now < Notice ? CertificateAge.Ends
        : CertificateAge.Holds;

    /// <summary>A sentence without a full stop about its time; null when it holds for long enough.</summary>
    public static string? Words(string name, CertificateAge age, DateTimeOffset begins, DateTimeOffset ends) =>
        age switch
        {
            CertificateAge.Ended => FormattableString.Invariant($"certificate {name} has ended on {ends:yyyy-MM-dd}"),
            CertificateAge.Early => FormattableString.Invariant($"certificate {name} holds from {begins:yyyy-MM-dd} on"),
            CertificateAge.Ends => FormattableString.Invariant($"certificate {name} ends on {ends:yyyy-MM-dd}"),
            _ => null,
        };

    // A wildcard is for one label (RFC 6125), and for itself.
    private static bool Covers(string name, string host) =>
        name.Equals(host, StringComparison.OrdinalIgnoreCase)
        || (
            name.StartsWith("*.", StringComparison.Ordinal)
            && host.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot
            && host[dot..].Equals(name[1..], StringComparison.OrdinalIgnoreCase)
        );
}
