using System.Text.RegularExpressions;
using ChatOps.Gateway.Running;
using ChatOps.Gateway.State;

namespace ChatOps.Gateway.Loading;

/// <summary>
/// What pgbouncer reads besides its file: who may log in, and a certificate. Both are this machine's own, and come from no bundle.
/// </summary>
internal static partial class Databases
{
    private const string Folder = "/run/chatops-pgbouncer";

    /// <summary>
    /// Lays all of it where pgbouncer finds it, which sees nothing else of the machine: for its unit, before it starts and before it reads
    /// its files again.
    /// </summary>
    /// <exception cref="Refusal">Something is missing, or is not as it should be; nothing was touched.</exception>
    public static string Lay()
    {
        const string file = "pgbouncer.ini";
        var folder = new RevisionFolder($"{Places.State}/current");
        if ((CertificateFiles.Missing(folder, file) ?? MissingUsers()) is { } why)
            throw new Refusal("laying", "", why, file);
        try
        {
            Put("users.txt", Places.DatabaseUsers);
            foreach (var name in CertificateFiles.Of(folder, file))
            {
                Put($"{name}.crt", $"{Places.Certificates}/{name}/fullchain.pem");
                Put($"{name}.key", $"{Places.Certificates}/{name}/privkey.pem");
            }

            Put(file, folder[file]);
        }
        catch (IOException e)
        {
            throw new Refusal("laying", "storage", e.Message, file);
        }

        return """{"ok":true}""";
    }

    /// <summary>
    /// What is wrong with the verifiers of the server's users, or null. The gateway must not hold what opens the database: of a verifier
    /// the server can tell that a password is right, but nobody can log in with it.
    /// </summary>
    public static string? MissingUsers()
    {
        if (!Files.HasContent(Places.DatabaseUsers))
        {
            return $"no users on the gateway: put the verifiers of the server's users into {Places.DatabaseUsers}, as root, mode 0600, a line each as in: "
                + "SELECT format('\"%s\" \"%s\"', rolname, rolpassword) FROM pg_authid WHERE rolpassword LIKE 'SCRAM-%'";
        }

        var lines = (Files.Text(Places.DatabaseUsers) ?? "").TrimEnd('\n').Split('\n');
        var wrong = Array.FindIndex(lines, l => !Verifier().IsMatch(l));
        return wrong < 0
            ? null
            : $"{Places.DatabaseUsers}, line {wrong + 1}: should be \"USER\" \"SCRAM-SHA-256$...\", a verifier as pg_authid has it, not a password";
    }

    // The folder is closed to everybody but the service's user, who is not root, and may have left links there: "install" makes a new file
    // in their place.
    private static void Put(string name, string source)
    {
        var made = Command.Run("install", "-T", "-m", "0444", source, $"{Folder}/{name}");
        if (!made.IsOk)
            throw new IOException(made.Said);
    }

    // An empty line, a remark, or a user with a verifier.
    [GeneratedRegex("""^[ \t]*(;.*)?$|^"([^"]|"")+" "SCRAM-SHA-256\$[0-9]+:[A-Za-z0-9+/=]+\$[A-Za-z0-9+/=]+:[A-Za-z0-9+/=]+"$""")]
    private static partial Regex Verifier();
}
