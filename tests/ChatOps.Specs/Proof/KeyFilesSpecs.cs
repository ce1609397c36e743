using ChatOps.Core.Application.Ports;
using ChatOps.Proof.Keeping;

namespace ChatOps.Specs.Proof;

public sealed class KeyFilesSpecs : KeyStoreConformance, IDisposable
{
    private readonly TempFolder _folder = new();

    protected override IKeyStore Store => new KeyFiles(_folder.In("log.db"));

    public void Dispose() => _folder.Dispose();
}
