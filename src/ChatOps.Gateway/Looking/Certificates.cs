using System.Text.Json;
using ChatOps.Gateway.Reading;
using ChatOps.Gateway.State;

namespace ChatOps.Gateway.Looking;

/// <summary>
/// The certificates of web addresses and of PostgreSQL, as they lie on this machine now: whoever renews them does not ask us.
/// </summary>
internal static class Certificates
{
    private const string Name = "server_name ",
        Web = "nginx.conf",
        Databases = "pgbouncer.ini";

    /// <summary>
    /// Each host with its certificate, and that of PostgreSQL, which knows no hosts: ""; one that cannot be read is left out, since nginx
    /// said so when it was first used.
    /// </summary>
    public static void Write(Utf8JsonWriter json, RevisionFolder folder)
    {
        json.WriteStartArray("certificates");
        var known = new Dictionary<string, Certificate?>();
        foreach (var (host, name) in Of(folder.Lines(Web)).Distinct().Concat(CertificateFiles.Of(folder, Databases).Select(n => ("", n))))
        {
            if (!known.TryGetValue(name, out var certificate))
                known[name] = certificate = Certificate.Read(Files.Text($"{Places.Certificates}/{name}/fullchain.pem") ?? "");
            if (certificate is null)
                continue;
            json.WriteStartObject();
            json.WriteString("name", name);
            json.WriteString("host", host);
            json.WriteNumber("begins", certificate.Begins.ToUnixTimeSeconds());
            json.WriteNumber("ends", certificate.Ends.ToUnixTimeSeconds());
            json.WriteBoolean("covers", host.Length == 0 || certificate.Covers(host));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>
    /// Every certificate that lies here with its key, used or not, the first hundred by name; those that cannot be read are left out. One
    /// with more names than a public authority puts into it is listed without names.
    /// </summary>
    public static void WriteHeld(Utf8JsonWriter json)
    {
        const int most = 100;
        json.WriteStartArray("held_certificates");
        foreach (var name in Names().Order(StringComparer.Ordinal).Take(most))
        {
            var (chain, key) = ($"{Places.Certificates}/{name}/fullchain.pem", $"{Places.Certificates}/{name}/privkey.pem");
            if (!File.Exists(key) || Certificate.Read(Files.Text(chain) ?? "") is not { } certificate)
                continue;
            json.WriteStartObject();
            json.WriteString("name", name);
            json.WriteNumber("begins", certificate.Begins.ToUnixTimeSeconds());
            json.WriteNumber("ends", certificate.Ends.ToUnixTimeSeconds());
            json.WriteStartArray("hosts");
            foreach (var host in certificate.Names.Count <= most ? certificate.Names : [])
                json.WriteStringValue(host);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static IEnumerable<string> Names() =>
        Directory.Exists(Places.Certificates) ? Directory.EnumerateDirectories(Places.Certificates).Select(p => Path.GetFileName(p)) : [];

    // In a server the certificate stands before the name; the one that sends clients there has no certificate.
    private static IEnumerable<(string Host, string Certificate)> Of(string[] lines)
    {
        string? certificate = null;
        foreach (var line in lines.Select(l => l.Trim()))
        {
            if (line == "server {")
                certificate = null;
            else if (CertificateFiles.In(Web, line) is { } named)
                certificate = named;
            else if (certificate is not null && line.StartsWith(Name, StringComparison.Ordinal))
                yield return (line[Name.Length..^1], certificate);
        }
    }
}
