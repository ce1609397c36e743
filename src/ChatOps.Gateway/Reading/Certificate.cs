using System.Formats.Asn1;
using System.Security.Cryptography;

namespace ChatOps.Gateway.Reading;

/// <summary>
/// What a certificate says of itself (X.509, RFC 5280): from when until when it holds, and for which names. Nobody's signature is looked
/// at.
/// </summary>
internal sealed record Certificate(DateTimeOffset Begins, DateTimeOffset Ends, IReadOnlyList<string> Names)
{
    private const string AlternativeNames = "2.5.29.17";

    /// <summary>The first certificate in a PEM file; null when there is none that can be read.</summary>
    public static Certificate? Read(string pem)
    {
        try
        {
            return PemEncoding.TryFind(pem, out var found) && pem[found.Label] == "CERTIFICATE"
                ? Of(Convert.FromBase64String(pem[found.Base64Data]))
                : null;
        }
        catch (Exception e) when (e is AsnContentException or FormatException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>Whether it is for a host; a wildcard is for one label (RFC 6125), and for itself.</summary>
    public bool Covers(string host) =>
        Names.Any(n =>
            n.Equals(host, StringComparison.OrdinalIgnoreCase)
            || (
                n.StartsWith("*.", StringComparison.Ordinal)
                && host.IndexOf('.') is > 0 and var dot
                && host[(dot + 1)..].Equals(n[2..], StringComparison.OrdinalIgnoreCase)
            )
        );

    private static Certificate Of(byte[] der)
    {
        var body = new AsnReader(der, AsnEncodingRules.DER).ReadSequence().ReadSequence();
        if (body.PeekTag().HasSameClassAndValue(new Asn1Tag(TagClass.ContextSpecific, 0)))
            body.ReadEncodedValue();
        // Serial number, signature algorithm, issuer.
        for (var i = 0; i < 3; i++)
            body.ReadEncodedValue();
        var validity = body.ReadSequence();
        var (begins, ends) = (Time(validity), Time(validity));
        // Subject, and its key.
        body.ReadEncodedValue();
        body.ReadEncodedValue();
        var names = new List<string>();
        while (body.HasData)
        {
            if (!body.PeekTag().HasSameClassAndValue(new Asn1Tag(TagClass.ContextSpecific, 3)))
            {
                body.ReadEncodedValue();
                continue;
            }

            var extensions = body.ReadSequence(new Asn1Tag(TagClass.ContextSpecific, 3)).ReadSequence();
            while (extensions.HasData)
                names.AddRange(NamesIn(extensions.ReadSequence()));
        }

        return new(begins, ends, names);
    }

    private static List<string> NamesIn(AsnReader extension)
    {
        if (extension.ReadObjectIdentifier() != AlternativeNames)
            return [];
        if (extension.PeekTag().HasSameClassAndValue(Asn1Tag.Boolean))
            extension.ReadBoolean();
        var all = new AsnReader(extension.ReadOctetString(), AsnEncodingRules.DER).ReadSequence();
        var names = new List<string>();
        var dns = new Asn1Tag(TagClass.ContextSpecific, 2);
        while (all.HasData)
        {
            if (all.PeekTag().HasSameClassAndValue(dns))
                names.Add(all.ReadCharacterString(UniversalTagNumber.IA5String, dns));
            else
                all.ReadEncodedValue();
        }

        return names;
    }

    private static DateTimeOffset Time(AsnReader reader) =>
        reader.PeekTag().HasSameClassAndValue(Asn1Tag.UtcTime) ? reader.ReadUtcTime() : reader.ReadGeneralizedTime();
}
