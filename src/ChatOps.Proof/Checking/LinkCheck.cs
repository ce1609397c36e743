using System.Security.Cryptography;
using System.Text.Json;
using ChatOps.Core.Domain.Changes;

namespace ChatOps.Proof.Checking;

/// <summary>Checks records one after another: each against its own hash, and that it follows the one before it in its stream.</summary>
internal sealed class LinkCheck
{
    private readonly Dictionary<string, (long Version, string Hash)> _ends = new(StringComparer.Ordinal);
    private readonly byte[] _hash = new byte[SHA256.HashSizeInBytes];

    /// <summary>What is wrong with the next record, or null.</summary>
    public string? Fault(RecordText text, out RecordMembers members)
    {
        members = default;
        SHA256.HashData(text.Body.Span, _hash);
        var hash = Convert.ToHexStringLower(_hash);
        if (hash != text.Hash)
            return $"its text has the hash {hash}, the log says {text.Hash}";
        try
        {
            members = RecordMembers.Read(text.Body.Span);
        }
        catch (JsonException e)
        {
            return $"it cannot be read: {e.Message}";
        }

        if ((members.Id, members.Stream, members.Version) != (text.Id, text.Stream, text.Version))
            return $"its text is that of {members.Stream} version {members.Version} (id {members.Id})";
        var (version, previous) = _ends.GetValueOrDefault(text.Stream, (0, RecordFormat.NoPrevious));
        if (members.Version != version + 1)
            return members.Version > version + 1
                ? $"version {version + 1} of its stream is missing before it"
                : $"version {version + 1} was expected in its place";
        if (members.Previous != previous)
            return $"it was appended to a record with the hash {members.Previous}, but version {version} has the hash {previous}";
        _ends[text.Stream] = (members.Version, hash);
        return null;
    }
}
