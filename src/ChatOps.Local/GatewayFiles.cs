namespace ChatOps.Local;

/// <summary>
/// The folder of what runs on gateways, with <c>pack</c> in it: beside the program where it was installed, or in the checkout that it was
/// built in.
/// </summary>
internal static class GatewayFiles
{
    /// <summary>The path of <c>pack</c>: from the working folder on when it is below it, so that a line with it is short.</summary>
    /// <param name="working">The working folder; null for the whole path.</param>
    public static string? Pack(string program, string? working)
    {
        var checkouts = Above(program).Select(folder => Path.Combine(folder, "infra", "gateway"));
        var found = checkouts
            .Prepend(Path.Combine(program, "gateway"))
            .Select(folder => Path.Combine(folder, "pack"))
            .FirstOrDefault(File.Exists);
        return found is null ? null : AsTyped(found, working);
    }

    /// <summary>A path as it is typed in the working folder; whole when that is null.</summary>
    public static string AsTyped(string path, string? working)
    {
        if (working is null)
            return Path.GetFullPath(path);
        var relative = Path.GetRelativePath(working, path);
        return relative.StartsWith("..", StringComparison.Ordinal) ? Path.GetFullPath(path) : relative;
    }

    private static IEnumerable<string> Above(string folder)
    {
        for (var at = new DirectoryInfo(folder); at is not null; at = at.Parent)
            yield return at.FullName;
    }
}
