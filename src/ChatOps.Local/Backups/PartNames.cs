using System.Text.RegularExpressions;

namespace ChatOps.Local.Backups;

/// <summary>
/// What a backup may hold, by the names that it has in the data folder. What can be made again from the log is not in it: the tree, the
/// read model, what a start goes on from, exports.
/// </summary>
internal static partial class PartNames
{
    public const string Log = "log.db";

    public const string People = "log.people";

    public const string Notes = "discord.db";

    public const string Checkpoints = "log.checkpoints";

    /// <summary>The policy file. It is configuration, and so put beside the one that is in force and not in its place.</summary>
    public const string Policy = "policy.json";

    /// <summary>The policy file of a backup, in the data folder.</summary>
    public const string RestoredPolicy = "policy.from-backup.json";

    public const string Ssh = "ssh";

    /// <summary>The keys that sign, in the order in which they are to be read.</summary>
    public static string[] Keys { get; } = ["log.key", "log.key.next", "log.vkey"];

    /// <summary>What a part is; null for what has no business in a backup.</summary>
    public static string? WhatIs(string name) =>
        name switch
        {
            Log => "the log",
            People => "the keys that names and reasons are sealed under (secret)",
            "log.key" => "the key that signs checkpoints (secret)",
            "log.key.next" => "the key that is to sign next (secret)",
            "log.vkey" => "the public keys that ever signed",
            Checkpoints => "the signed checkpoints",
            Notes => "where cards stand on Discord",
            Policy => "the policy file",
            _ => InSsh().IsMatch(name) ? "the SSH identity that gateways admit (a private key is secret)" : null,
        };

    [GeneratedRegex(@"^ssh/[A-Za-z0-9_][A-Za-z0-9_.-]*\z")]
    private static partial Regex InSsh();
}
