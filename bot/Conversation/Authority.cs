using ChatOps.Bot.Configuration;
using ChatOps.Core.Decisions.Policy;
using ChatOps.Core.Domain.Authority;

namespace ChatOps.Bot.Conversation;

/// <summary>The policy in force, and what somebody's roles are by it. Another one takes its place while the process runs.</summary>
/// <param name="policy">The policy at the start.</param>
public sealed class Authority(ChangePolicy policy)
{
    private volatile InForce _now = new(policy, null, null);

    /// <summary>Who may what, now.</summary>
    public ChangePolicy Policy => _now.Policy;

    /// <summary>Another file is in force.</summary>
    /// <param name="first">The file at the start, by which surfaces know people.</param>
    /// <param name="file">The file from now on.</param>
    public void Take(PolicyFile first, PolicyFile file) => _now = new(file.Policy, first, file);

    /// <summary>
    /// Someone whom a surface has recognized, with the roles that the file in force gives them, and with those that they have from
    /// elsewhere. Who is not in the file any more keeps none of its roles.
    /// </summary>
    public Speaker AsOfNow(Speaker speaker)
    {
        if (
            _now is not { First: { } first, File: { } file }
            || first.Users.FirstOrDefault(u => u.Actor.IsSameAs(speaker.Actor)) is not { } then
        )
            return speaker;
        var roles = file.Users.FirstOrDefault(u => u.Actor.IsSameAs(speaker.Actor))?.Roles ?? [];
        return speaker with { Roles = [.. roles.Union(speaker.Roles.Except(then.Roles)).Order()] };
    }

    private sealed record InForce(ChangePolicy Policy, PolicyFile? First, PolicyFile? File);
}
