using ChatOps.Core.Domain.Authority;

namespace ChatOps.Bot.Configuration;

/// <summary>Reads how much consent a rule asks for: a number and the role <c>approver</c>, or a list of roles, each with a count.</summary>
internal static class ApprovalsReader
{
    private const int MaxCount = 10;

    /// <summary>The consent; null when it is wrong, which the problems then say.</summary>
    /// <param name="isNeeded">True when it must be there.</param>
    public static Approvals? Read(JsonMembers rule, bool isNeeded, RoleReader roles, Problems problems)
    {
        var json = isNeeded ? rule.Get("approvals", $"0 to {MaxCount}") : rule.Find("approvals");
        var approver = rule.Find("approver");
        if (json is { IsList: true })
        {
            if (approver is not null)
                problems.Add(approver.Place, "expected nothing beside a list of approvals, which names the roles itself");
            return ListOf(json, roles, problems);
        }

        var role = approver is null ? Role.Approver : roles.Read(approver);
        var count = json is null ? 0 : json.Number(0, MaxCount);
        return role is { } one && count is { } many ? new(many, one.Name()) : null;
    }

    private static Approvals? ListOf(JsonValue json, RoleReader roles, Problems problems)
    {
        var before = problems.Count;
        var parts = json.List("a list of roles with counts", PartOf) ?? [];
        if (problems.Count > before)
            return null;
        var twice = parts.GroupBy(p => p.Role, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1);
        if (parts.IsEmpty || parts.Sum(p => p.Count) > MaxCount || twice is not null)
            problems.Add(
                json.Place,
                twice is null
                    ? $"expected 1 to {MaxCount} in all, found {parts.Sum(p => p.Count)}"
                    : $"expected each role once, found {twice.Key} again"
            );
        return Approvals.Of(parts.SelectMany(p => p.Places));

        Approvals? PartOf(JsonValue value)
        {
            if (value.Object("a role with a count") is not { } part)
                return null;
            var role = roles.Read(part.Get("role", roles.Expected));
            var count = part.Get("count", $"1 to {MaxCount}")?.Number(1, MaxCount);
            part.End();
            return role is { } one && count is { } many ? new(many, one.Name()) : null;
        }
    }
}
