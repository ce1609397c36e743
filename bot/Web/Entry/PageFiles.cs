using System.Collections.Immutable;
using System.Reflection;
using Microsoft.AspNetCore.Http;

namespace ChatOps.Bot.Web.Entry;

/// <summary>The files of the page, which are part of the program.</summary>
internal static class PageFiles
{
    private const string Folder = "page/";

    /// <summary>The names of the scripts, styles and pictures: those that are served under their own name to whoever asks.</summary>
    public static ImmutableArray<string> Parts { get; } =
    [
        .. Assembly
            .GetExecutingAssembly()
            .GetManifestResourceNames()
            .Where(n => n.StartsWith(Folder, StringComparison.Ordinal) && !n.EndsWith(".html", StringComparison.Ordinal))
            .Select(n => n[Folder.Length..]),
    ];

    public static async Task SendPageFileAsync(this HttpResponse response, string name, int status = StatusCodes.Status200OK)
    {
        await using var file = Assembly.GetExecutingAssembly().GetManifestResourceStream(Folder + name)
            ?? throw new FileNotFoundException($"{Folder}{name} is not in the program");
        response.StatusCode = status;
        response.ContentType = Path.GetExtension(name) switch
        {
            ".js" => "text/javascript; charset=utf-8",
            ".css" => "text/css; charset=utf-8",
            ".svg" => "image/svg+xml",
            _ => "text/html; charset=utf-8",
        };
        response.ContentLength = file.Length;
        await file.CopyToAsync(response.Body, response.HttpContext.RequestAborted);
    }
}
