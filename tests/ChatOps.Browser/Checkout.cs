namespace ChatOps.Browser;

/// <summary>Where this checkout is, and what lies in its folder of things that can be made again.</summary>
internal static class Checkout
{
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    /// <summary>Where screenshots are kept; made when it is not there.</summary>
    public static string Screenshots { get; } = Directory.CreateDirectory(Path.Combine(Root, ".run", "screenshots")).FullName;

    /// <summary>The script that checks a page for accessibility, as <c>./test</c> installs it.</summary>
    public static string Axe { get; } = Path.Combine(Root, ".run", "axe", "node_modules", "axe-core", "axe.min.js");

    private static string Find(string folder) =>
        File.Exists(Path.Combine(folder, "ChatOps.sln")) ? folder : Find(Path.GetDirectoryName(folder)!);
}
