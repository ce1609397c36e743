using System.Reflection;
using Microsoft.AspNetCore.Http;

namespace ChatOps.Bot.Web;

/// <summary>The files of the page, which are part of the program.</summary>
internal static class PageFiles
{
    /// <summary>Answers with a file.</summary>
    public static async Task SendFileAsync(this HttpResponse response, string name, int status = StatusCodes.Status200OK)
    {
        await using var file =
            Assembly.GetExecutingAssembly().GetManifestResourceStream($"page/{name}")
            ?? throw new FileNotFoundException($"page/{name} is not in the program");
        response.StatusCode = status;
        response.ContentType = Path.GetExtension(name) switch
        {
            ".js" => "text/javascript; charset=utf-8",
            ".css" => "text/css; charset=utf-8",
            _ => "text/html; charset=utf-8",
        };
        response.ContentLength = file.Length;
        await file.CopyToAsync(response.Body, response.HttpContext.RequestAborted);
    }
}
