using System.Text.Json;
using ChatOps.Bot.Chat;
using ChatOps.Bot.Local;
using ChatOps.Bot.Peers;
using ChatOps.Bot.Web.Api;
using ChatOps.Bot.Web.Entry;
using ChatOps.Core.Language.Commands;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ChatOps.Bot.Web;

/// <summary>
/// The room as a page, for whoever comes in by an <see cref="PageSignIn"/>.
/// </summary>
internal sealed class WebChat
{
    private const int MaxBody = 64 * 1024;
    private const string NoLine = "not a line: expected application/json such as {\"line\": \"status\"}.";

    private readonly PageSignIn _entrance;
    private readonly ChatRoom _room;
    private readonly LocalChat _chat;
    private readonly RoomStream _stream;
    private readonly PrivateFiles _files;
    private readonly ExportFiles _exports;
    private readonly CancellationToken _stopping;

    private WebChat(PageSignIn entrance, ConversationCore core, TimeProvider clock, CancellationToken stopping)
    {
        (_entrance, _room, _chat, _stopping) = (entrance, core.Room, core.Chat, stopping);
        _stream = new RoomStream(core, stopping);
        _files = new PrivateFiles(core.Room, clock);
        _exports = new ExportFiles(core.Room, clock);
    }

    /// <summary>Maps it in a program that <see cref="PageAccess.Add"/> has prepared for the same entrance.</summary>
    /// <param name="core">What the page shows, and where its lines are said.</param>
    public static void Map(WebApplication app, PageSignIn entrance, ConversationCore core, TimeProvider clock)
    {
        PageAccess.Use(app, entrance);
        var web = new WebChat(entrance, core, clock, app.Lifetime.ApplicationStopping);
        var (page, policies) = (app.MapPage(), new PagePolicies(entrance));
        foreach (var part in PageFiles.Parts)
            page.MapGet($"/{part}", c => c.Response.SendPageFileAsync(part));
        entrance.Map(page);
        page.MapGet("/", c => c.Response.SendPageFileAsync("index.html")).RequireAuthorization(policies.Reading);
        page.MapGet("/room", c => web._stream.SendAsync(c, c.Session())).RequireAuthorization(policies.Reading);
        page.MapGet("/export", web.ExportAsync).RequireAuthorization(policies.Reading);
        page.MapPost("/say", web.SayAsync).RequireAuthorization(policies.Acting);
        page.MapPost("/file", web.FileAsync).RequireAuthorization(policies.Acting);
        page.MapPost("/sign-out", web.SignOutAsync).RequireAuthorization(policies.Leaving);
        new WebApi(core).Map(page.MapGroup("/api").RequireAuthorization(policies.Asking));
    }

    private async Task SignOutAsync(HttpContext context) => await context.Response.WriteAsync(await _entrance.SignOutAsync(context));

    private async Task SayAsync(HttpContext context)
    {
        var (request, response) = (context.Request, context.Response);
        if (!Guard.IsJson(request) || await ReadLineAsync(request) is not { } line)
            await response.SayAsync(StatusCodes.Status400BadRequest, NoLine);
        else if (line.Length > Parser.MaxLine)
            await response.SayAsync(StatusCodes.Status400BadRequest, $"not sent: a line has {Parser.MaxLine} characters at most.");
        else
            await SayAsync(context.Session(), line, response);
    }

    private async Task SayAsync(Session session, string line, HttpResponse response)
    {
        try
        {
            // Not cancelled with the request: a line that was said is handled, even when its page is closed at once.
            var user = session.User.Actor;
            var said = await _chat.SayAsync(
                session.User,
                line,
                file => _files.Offer(user, file),
                _stopping,
                (file, _) => Task.FromResult(_exports.Offer(user, file)),
                m => _room.Post(m with { For = user })
            );
            response.StatusCode = StatusCodes.Status202Accepted;
            await response.WriteAsJsonAsync(new SaidJson(said.IsTaken, said.Answer), _stopping);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            await response.SayAsync(StatusCodes.Status503ServiceUnavailable, "ChatOps is stopping; look at the room after the next start.");
        }
    }

    // A POST, because it changes something: who fetches the file is the last one to.
    private async Task FileAsync(HttpContext context)
    {
        var (request, response) = (context.Request, context.Response);
        if (_files.Take(context.Session().User.Actor, request.Query["id"].ToString()) is not { } file)
            await response.SayAsync(
                StatusCodes.Status410Gone,
                "this file is not there for you: it was fetched already, its time is up, or it is another's."
            );
        else
            await SendAsync(response, file, QrCode.Of(file.Content));
    }

    private Task SendAsync(HttpResponse response, PrivateFile file, QrCode code) =>
        response.WriteAsJsonAsync(new FileJson(file.Name, file.Content, code.Size, code.Path()), _stopping);

    // Changes nothing, and is saved by the browser and not shown: so a link will do.
    private async Task ExportAsync(HttpContext context)
    {
        var (request, response) = (context.Request, context.Response);
        if (_exports.Find(context.Session().User.Actor, request.Query["id"].ToString()) is not { } file)
        {
            await response.SayAsync(StatusCodes.Status410Gone, "this file is not there for you: its time is up, or it is another's.");
        }
        else
        {
            response.ContentType = file.MediaType;
            response.Headers.ContentDisposition = $"attachment; filename=\"{file.Name}\"";
            await response.SendFileAsync(file.Path, request.HttpContext.RequestAborted);
        }
    }

    private static async Task<string?> ReadLineAsync(HttpRequest request)
    {
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = MaxBody;
        try
        {
            var aborted = request.HttpContext.RequestAborted;
            return (await JsonSerializer.DeserializeAsync<SayJson>(request.Body, JsonSerializerOptions.Web, aborted))?.Line;
        }
        catch (Exception e) when (e is JsonException or BadHttpRequestException)
        {
            return null;
        }
    }

    private sealed record SayJson(string? Line);

    private sealed record SaidJson(bool IsTaken, string Answer);

    private sealed record FileJson(string Name, string Content, int Size, string Path);
}
