namespace ChatOps.Proof.Keeping;

/// <summary>The files that lie beside a log.</summary>
/// <param name="Log">The log's own file.</param>
public sealed record ProofFiles(string Log)
{
    /// <summary>The private key that signs checkpoints; only its owner may read it.</summary>
    public string Key => Path.ChangeExtension(Log, ".key");

    /// <summary>The public keys that ever signed, the first one first: what an auditor is given.</summary>
    public string PublicKeys => Path.ChangeExtension(Log, ".vkey");

    /// <summary>The tree's tiles, which can be deleted.</summary>
    public string Tree => Path.ChangeExtension(Log, ".tree");

    /// <summary>The checkpoints, unless they are to lie elsewhere.</summary>
    public string Checkpoints => Path.ChangeExtension(Log, ".checkpoints");

    /// <summary>The keys that people's names and reasons are sealed under.</summary>
    public string People => Path.ChangeExtension(Log, ".people");

    /// <summary>All of them but the log: they go where it goes.</summary>
    public IEnumerable<string> All => [Key, PublicKeys, Tree, Checkpoints, People];
}
