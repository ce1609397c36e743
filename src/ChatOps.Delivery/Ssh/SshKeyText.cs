using System.Text;

namespace ChatOps.Delivery.Ssh;

/// <summary>A private key that comes from a vault and not from a file. It never shows itself in a text.</summary>
public sealed class SshKeyText(string text)
{
    /// <inheritdoc/>
    public override string ToString() => "(a private key)";

    internal Stream Open() =>
        new MemoryStream(Encoding.ASCII.GetBytes(text.ReplaceLineEndings("\n").TrimEnd('\n') + "\n"), writable: false);
}
