namespace ChatOps.Gateway.State;

/// <summary>
/// The certificates that the files of a revision name. They lie on this machine, put there and renewed by whoever runs it.
/// </summary>
internal static class CertificateFiles
{
    private static readonly Dictionary<string, (string Before, string Behind)> Lines = new()
    {
        ["nginx.conf"] = ($"ssl_certificate {Places.Certificates}/", "/fullchain.pem;"),
        ["pgbouncer.ini"] = ("client_tls_cert_file = /run/chatops-pgbouncer/", ".crt"),
    };

    /// <summary>The names in one of the files, each once; none in a file of another kind.</summary>
    public static IEnumerable<string> Of(RevisionFolder folder, string file) =>
        folder.Lines(file).Select(l => In(file, l)).OfType<string>().Distinct().Order(StringComparer.Ordinal);

    /// <summary>The name that a line says, or null.</summary>
    public static string? In(string file, string line)
    {
        if (!Lines.TryGetValue(file, out var mark))
            return null;
        line = line.Trim();
        return line.StartsWith(mark.Before, StringComparison.Ordinal) && line.EndsWith(mark.Behind, StringComparison.Ordinal)
            ? line[mark.Before.Length..^mark.Behind.Length]
            : null;
    }

    /// <summary>
    /// A certificate that a file names and this machine lacks, as a sentence without a full stop; null when there is none.
    /// </summary>
    public static string? Missing(RevisionFolder folder, string file) =>
        Of(folder, file).FirstOrDefault(n => !PathsOf(n).All(File.Exists)) is { } name
            ? $"no certificate {name} on the gateway: put fullchain.pem and privkey.pem into {Places.Certificates}/{name}"
            : null;

    /// <summary>The two files of a certificate: the chain, and the key.</summary>
    public static string[] PathsOf(string name) =>
        [$"{Places.Certificates}/{name}/fullchain.pem", $"{Places.Certificates}/{name}/privkey.pem"];
}
