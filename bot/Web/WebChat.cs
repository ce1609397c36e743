using System.Text.Json;
using ChatOps.Bot.Conversation;
using ChatOps.Bot.Local;
using ChatOps.Bot.Peers;
using ChatOps.Core.Audit;
using ChatOps.Core.Commands;
using ChatOps.Core.Policy;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ChatOps.Bot.Web;

/// <summary>
/// The room as a page. Made for loopback: it answers under 127.0.0.1 and localhost only, and lets in whoever has a sign-in link.
/// </summary>
public sealed class WebChat
{
    private const int MaxBody = 64 * 1024;
    private const string NoSuchLink = "no such sign-in link. Each start makes new ones: use a link that the terminal shows now.";
    private const string NoLine = "not a line: expected application/json such as {\"line\": \"status\"}.";

    private readonly SignIns _signIns;
    private readonly ChatRoom _room;
    private readonly LocalChat _chat;
    private readonly RoomStream _stream;
    private readonly PrivateFiles _files;
    private readonly ExportFiles _exports;
    private readonly CancellationToken _stopping;

    private WebChat(SignIns signIns, ChatRoom room, LocalChat chat, TimeProvider clock, Func<Speaker, CancellationToken, Task<Redaction>> hidden, CancellationToken stopping)
    {
        (_signIns, _room, _chat, _stopping) = (signIns, room, chat, stopping);
        _stream = new RoomStream(room, hidden, stopping);
        _files = new PrivateFiles(room, clock);
        _exports = new ExportFiles(room, clock);
    }

    /// <summary>Adds the page and what it calls.</summary>
    /// <param name="routes">The application.</param>
    /// <param name="signIns">Who may enter.</param>
    /// <param name="room">What the page shows.</param>
    /// <param name="chat">Where its lines are said.</param>
    /// <param name="clock">The time.</param>
    /// <param name="hidden">What is hidden from whom.</param>
    public static void Map(
        IEndpointRouteBuilder routes,
        SignIns signIns,
        ChatRoom room,
        LocalChat chat,
        TimeProvider clock,
        Func<Speaker, CancellationToken, Task<Redaction>> hidden
    )
    {
        var stopping = routes.ServiceProvider.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        var web = new WebChat(signIns, room, chat, clock, hidden, stopping);
        routes.MapGet("/", Guard.Around(web.PageAsync));
        routes.MapGet("/app.js", Guard.Around(c => c.Response.SendFileAsync("app.js")));
        routes.MapGet("/style.css", Guard.Around(c => c.Response.SendFileAsync("style.css")));
        routes.MapGet("/sign-in", Guard.Around(web.SignInAsync));
        routes.MapPost("/sign-out", Guard.Around(web.SignOutAsync));
        routes.MapGet("/room", Guard.Around(web.RoomAsync));
        routes.MapPost("/say", Guard.Around(web.SayAsync));
        routes.MapPost("/file", Guard.Around(web.FileAsync));
        routes.MapGet("/export", Guard.Around(web.ExportAsync));
    }

    private Task PageAsync(HttpContext context) =>
        SessionCookie.Of(context.Request, _signIns) is null
            ? context.Response.SendFileAsync("signed-out.html", StatusCodes.Status401Unauthorized)
            : context.Response.SendFileAsync("index.html");

    private Task SignInAsync(HttpContext context)
    {
        if (_signIns.Begin(context.Request.Query["token"].ToString()) is not { } session)
            return context.Response.SayAsync(StatusCodes.Status403Forbidden, NoSuchLink);
        EndSession(context.Request);
        SessionCookie.Set(context.Response, session);

        // The redirect takes the token out of the address bar.
        context.Response.Headers.Location = "/";
        context.Response.StatusCode = StatusCodes.Status303SeeOther;
        return Task.CompletedTask;
    }

    private Task SignOutAsync(HttpContext context)
    {
        if (!Guard.IsOwnOrigin(context.Request))
            return ForeignAsync(context.Response);
        EndSession(context.Request);
        SessionCookie.Remove(context.Response);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    private Task RoomAsync(HttpContext context) =>
        SessionCookie.Of(context.Request, _signIns) is { } session ? _stream.SendAsync(context, session) : SignedOutAsync(context.Response);

    private async Task SayAsync(HttpContext context)
    {
        var (request, response) = (context.Request, context.Response);
        if (!Guard.IsOwnOrigin(request))
            await ForeignAsync(response);
        else if (SessionCookie.Of(request, _signIns) is not { } session)
            await SignedOutAsync(response);
        else if (!Guard.IsJson(request) || await ReadLineAsync(request) is not { } line)
            await response.SayAsync(StatusCodes.Status400BadRequest, NoLine);
        else if (line.Length > Parser.MaxLine)
            await response.SayAsync(StatusCodes.Status400BadRequest, $"not sent: a line has {Parser.MaxLine} characters at most.");
        else
            await SayAsync(session, line, response);
    }

    private async Task SayAsync(Session session, string line, HttpResponse response)
    {
        try
        {
            // Not cancelled with the request: a line that was said is handled, even when its page is closed at once.
            var user = session.User.Actor;
            await _chat.SayAsync(session.User, line, file => _files.Offer(user, file), _stopping, (file, _) => Task.FromResult(_exports.Offer(user, file)), m => _room.Post(m with { For = user }));
            response.StatusCode = StatusCodes.Status202Accepted;
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
        if (!Guard.IsOwnOrigin(request))
            await ForeignAsync(response);
        else if (SessionCookie.Of(request, _signIns) is not { } session)
            await SignedOutAsync(response);
        else if (_files.Take(session.User.Actor, request.Query["id"].ToString()) is not { } file)
            await response.SayAsync(StatusCodes.Status410Gone, "this file is not there for you: it was fetched already, its time is up, or it is another's.");
        else
            await SendAsync(response, file, QrCode.Of(file.Content));
    }

    private Task SendAsync(HttpResponse response, PrivateFile file, QrCode code) =>
        response.WriteAsJsonAsync(new FileJson(file.Name, file.Content, code.Size, code.Path()), _stopping);

    // Changes nothing, and is saved by the browser and not shown: so a link will do.
    private async Task ExportAsync(HttpContext context)
    {
        var (request, response) = (context.Request, context.Response);
        if (SessionCookie.Of(request, _signIns) is not { } session)
        {
            await SignedOutAsync(response);
        }
        else if (_exports.Find(session.User.Actor, request.Query["id"].ToString()) is not { } file)
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

    // A second sign-in in the same browser replaces the first.
    private void EndSession(HttpRequest request)
    {
        if (SessionCookie.Of(request, _signIns) is { } session)
            _signIns.End(session);
    }

    private static Task ForeignAsync(HttpResponse response) =>
        response.SayAsync(StatusCodes.Status403Forbidden, "this came from another page; only our own may do that.");

    private static Task SignedOutAsync(HttpResponse response) =>
        response.SayAsync(StatusCodes.Status401Unauthorized, "you are not signed in. Use a sign-in link from the terminal.");

    private sealed record SayJson(string? Line);

    private sealed record FileJson(string Name, string Content, int Size, string Path);
}
