using Renci.SshNet;
using Renci.SshNet.Common;

namespace ChatOps.Delivery.Ssh;

internal sealed class KeyFile(string path) : SshIdentity
{
    private const UnixFileMode ForOthers =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    public override string ToString() => $"the key {path}";

    internal override IPrivateKeySource Load()
    {
        if (!File.Exists(path))
            throw new InvalidOperationException($"the SSH identity file {path} is not there. Next: ssh-keygen -t ed25519 -N '' -f {path}");
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & ForOthers) != 0)
            throw new InvalidOperationException($"the SSH identity file {path} can be read or written by others. Next: chmod 600 {path}");
        return Read(path, () => new PrivateKeyFile(path));
    }

    /// <summary>Reads a key; what is wrong with it is said without a word of it.</summary>
    internal static PrivateKeyFile Read(string name, Func<PrivateKeyFile> read)
    {
        try
        {
            return read();
        }
        catch (UnauthorizedAccessException)
        {
            throw new InvalidOperationException($"the SSH identity file {name} may not be read by this account");
        }
        catch (SshPassPhraseNullOrEmptyException)
        {
            throw new InvalidOperationException(
                $"the SSH identity file {name} is protected by a passphrase, which nobody could type here. Next: an agent that holds it (ssh-add {name}), or a key of its own for ChatOps"
            );
        }
        catch (Exception e) when (e is SshException or FormatException or NotSupportedException or IOException or ArgumentException)
        {
            // The parser's own words may quote the file: they stay behind.
            throw new InvalidOperationException($"the SSH identity file {name} is not a private key that can be read ({e.GetType().Name})");
        }
    }
}

internal sealed class KeyText(string name, SshKeyText key) : SshIdentity
{
    public override string ToString() => $"the key {name}";

    internal override IPrivateKeySource Load() => KeyFile.Read(name, () => new PrivateKeyFile(key.Open()));
}
