using Renci.SshNet;
using Renci.SshNet.Security;

namespace ChatOps.Delivery.Ssh;

internal sealed class AgentIdentity(string socket, SshPublicKey key) : SshIdentity
{
    public override string ToString() => $"the key {key.Type} of the agent {socket}";

    internal override IPrivateKeySource Load() =>
        SshAgent.Keys(socket).Any(k => k.Key == key)
            ? new Source(socket, Convert.FromBase64String(key.Blob), key.Type)
            : throw new InvalidOperationException($"the SSH agent {socket} does not hold the key {key} any more. Next: ssh-add");

    private sealed class Source(string socket, byte[] blob, string type) : IPrivateKeySource
    {
        // RSA keys sign with SHA-2 only: what is older, sshd does not take either.
        public IReadOnlyCollection<HostAlgorithm> HostKeyAlgorithms { get; } =
            type == "ssh-rsa"
                ? [new Signer("rsa-sha2-512", socket, blob, 4), new Signer("rsa-sha2-256", socket, blob, 2)]
                : [new Signer(type, socket, blob, 0)];
    }

    private sealed class Signer(string name, string socket, byte[] blob, int flags) : HostAlgorithm(name)
    {
        public override byte[] Data => blob;

        public override byte[] Sign(byte[] data) => SshAgent.Sign(socket, blob, data, flags);

        public override bool VerifySignature(byte[] data, byte[] signature) => throw new NotSupportedException("a client only signs");
    }
}
