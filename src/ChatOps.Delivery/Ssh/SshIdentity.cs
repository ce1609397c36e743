using Renci.SshNet;

namespace ChatOps.Delivery.Ssh;

/// <summary>
/// The key that ChatOps shows to gateways: a file, a text from a vault, or what an agent holds. It is read for each connection anew, so a
/// key that is replaced counts from then on. Errors name it and quote nothing of it.
/// </summary>
public abstract class SshIdentity
{
    private protected SshIdentity() { }

    /// <summary>A private key in OpenSSH's format without a passphrase, in a file for its owner's eyes only.</summary>
    public static SshIdentity OfFile(string path) => new KeyFile(path);

    /// <summary>A private key that a vault gives.</summary>
    /// <param name="name">Where it came from, for errors.</param>
    public static SshIdentity OfText(string name, SshKeyText key) => new KeyText(name, key);

    /// <summary>What an agent holds (<c>SSH_AUTH_SOCK</c>): the key never comes into this process.</summary>
    /// <param name="only">The one of its keys to show, as ssh writes a public key: <c>ssh-ed25519 AAAA...</c>.</param>
    public static SshIdentity OfAgent(string socket, string only) => new AgentIdentity(socket, SshPublicKey.Parse(only));

    /// <summary>Its public half, as a line of <c>authorized_keys</c> without a comment.</summary>
    /// <exception cref="InvalidOperationException">It cannot be used.</exception>
    public string PublicKey
    {
        get
        {
            var keys = Load();
            try
            {
                return SshPublicKey.Of(keys.HostKeyAlgorithms.First()).ToString();
            }
            finally
            {
                (keys as IDisposable)?.Dispose();
            }
        }
    }

    /// <summary>How it is called in a sentence: <c>the key /etc/chatops/id_ed25519</c>.</summary>
    public abstract override string ToString();

    /// <summary>The key, ready to sign; whoever has it disposes of it if it can be.</summary>
    /// <exception cref="InvalidOperationException">It is not there, is open to others, or is not a key that can be used.</exception>
    internal abstract IPrivateKeySource Load();
}
