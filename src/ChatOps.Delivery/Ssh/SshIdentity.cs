using Renci.SshNet;
using Renci.SshNet.Common;

namespace ChatOps.Delivery.Ssh;

/// <summary>Reads the private key, for each connection anew. Errors name the file and quote nothing of it.</summary>
internal static class SshIdentity
{
    private const UnixFileMode ForOthers =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    /// <exception cref="InvalidOperationException">It is not there, is open to others, or is not a key that can be used.</exception>
    public static PrivateKeyFile Load(SshOptions options)
    {
        var path = options.IdentityFile;
        if (options.Key is { } key)
            return Read(path, () => new PrivateKeyFile(key.Open()));
        if (!File.Exists(path))
            throw new InvalidOperationException($"the SSH identity file {path} is not there. Next: ssh-keygen -t ed25519 -N '' -f {path}");
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & ForOthers) != 0)
            throw new InvalidOperationException($"the SSH identity file {path} can be read or written by others. Next: chmod 600 {path}");
        return Read(path, () => new PrivateKeyFile(path));
    }

    private static PrivateKeyFile Read(string path, Func<PrivateKeyFile> read)
    {
        try
        {
            return read();
        }
        catch (UnauthorizedAccessException)
        {
            throw new InvalidOperationException($"the SSH identity file {path} may not be read by this account");
        }
        catch (SshPassPhraseNullOrEmptyException)
        {
            throw new InvalidOperationException($"the SSH identity file {path} is protected by a passphrase, which nobody could type here");
        }
        catch (Exception e) when (e is SshException or FormatException or NotSupportedException or IOException or ArgumentException)
        {
            // The parser's own words may quote the file: they stay behind.
            throw new InvalidOperationException($"the SSH identity file {path} is not a private key that can be read ({e.GetType().Name})");
        }
    }
}
