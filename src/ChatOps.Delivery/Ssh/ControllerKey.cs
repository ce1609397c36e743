using System.Text;
using ChatOps.Core.Domain.Values;
using Org.BouncyCastle.Crypto.Generators;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Utilities;
using Org.BouncyCastle.Security;

namespace ChatOps.Delivery.Ssh;

/// <summary>
/// The key with which an edition on a machine of one's own logs in to its gateways, and where its public half lies. It is made at the first
/// start, unless another one is named.
/// </summary>
/// <param name="PublicKey">Its public half: <c>ssh-ed25519 AAAA...</c>.</param>
/// <param name="PublicFile">The file with the public half, for <c>infra/gateway/pack</c>.</param>
public sealed record ControllerKey(SshIdentity Identity, string PublicKey, string PublicFile)
{
    private const string Agent = "agent";
    private const UnixFileMode Mine = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode ForAll = UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>The key in the folder, which is made when it is not there (0600, <c>id_ed25519</c> and <c>id_ed25519.pub</c>).</summary>
    /// <param name="folder">The folder; made when it is not there.</param>
    /// <exception cref="InvalidOperationException">The key that is there cannot be used.</exception>
    public static ControllerKey MakeOrLoad(string folder)
    {
        MakeFolder(folder);
        var path = Path.Combine(folder, "id_ed25519");
        if (!File.Exists(path))
            Make(path);
        return Published(SshIdentity.OfFile(path), path + ".pub");
    }

    /// <summary>A key of one's own.</summary>
    /// <param name="identity">
    /// A private key's file; <c>agent</c> for the one key of the agent at <c>SSH_AUTH_SOCK</c>; or a public key's file, for that one of the
    /// agent's keys.
    /// </param>
    /// <param name="folder">Where the public half is written; made when it is not there.</param>
    /// <param name="agent">The agent's socket, as SSH_AUTH_SOCK says it; null for none.</param>
    /// <exception cref="InvalidOperationException">It cannot be used.</exception>
    public static ControllerKey Named(string identity, string folder, string? agent)
    {
        var chosen =
            identity == Agent ? OnlyKeyOf(Socket(identity, agent))
            : File.Exists(identity) && SshPublicKey.TryParse(FirstLineOf(identity)) is { } key
                ? SshIdentity.OfAgent(Socket(identity, agent), key.ToString())
            : SshIdentity.OfFile(identity);
        var named = chosen.PublicKey;
        MakeFolder(folder);
        var file = Path.Combine(folder, "identity.pub");
        Write(file, $"{named} chatops\n", Mine | ForAll);
        return new(chosen, named, file);
    }

    private static string Socket(string identity, string? agent) =>
        string.IsNullOrEmpty(agent)
            ? throw new InvalidOperationException(
                $"--identity {identity} wants an SSH agent, and SSH_AUTH_SOCK names none. Next: eval $(ssh-agent); ssh-add"
            )
            : agent;

    private static SshIdentity OnlyKeyOf(string socket) =>
        SshAgent.Keys(socket) switch
        {
            [var only] => SshIdentity.OfAgent(socket, only.Key.ToString()),
            [] => throw new InvalidOperationException($"the SSH agent {socket} holds no key. Next: ssh-add"),
            var many => throw new InvalidOperationException(
                $"the SSH agent {socket} holds {Counts.Of(many.Count, "key")} ({string.Join(", ", many.Select(k => k.Comment))}). Next: --identity FILE.pub with the public half of one of them"
            ),
        };

    private static string FirstLineOf(string path)
    {
        using var reader = new StreamReader(path);
        var line = new char[64 * 1024];
        return new string(line, 0, reader.ReadBlock(line)).Split('\n')[0];
    }

    private static ControllerKey Published(SshIdentity identity, string file)
    {
        var key = identity.PublicKey;
        if (!File.Exists(file) || SshPublicKey.TryParse(FirstLineOf(file))?.ToString() != key)
            Write(file, $"{key} chatops\n", Mine | ForAll);
        return new(identity, key, file);
    }

    // By a file that is whole before it has its name: nobody ever reads half a key.
    private static void Make(string path)
    {
        var generator = new Ed25519KeyPairGenerator();
        generator.Init(new Ed25519KeyGenerationParameters(new SecureRandom()));
        var blob = OpenSshPrivateKeyUtilities.EncodePrivateKey(generator.GenerateKeyPair().Private);
        var lines = Convert.ToBase64String(blob).Chunk(70).Select(c => new string(c));
        Write(path, $"-----BEGIN OPENSSH PRIVATE KEY-----\n{string.Join('\n', lines)}\n-----END OPENSSH PRIVATE KEY-----\n", Mine);
    }

    private static void MakeFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
            Directory.CreateDirectory(folder, Mine | UnixFileMode.UserExecute);
    }

    private static void Write(string path, string text, UnixFileMode mode)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = mode;
        using (var stream = new FileStream(path + ".new", options))
        {
            stream.Write(Encoding.ASCII.GetBytes(text));
            stream.Flush(flushToDisk: true);
        }

        File.Move(path + ".new", path, overwrite: true);
    }
}
