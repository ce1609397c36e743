using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text.Json;
using ChatOps.Bot.Requests;

namespace ChatOps.Local.Calling;

/// <param name="Seconds">How long at most; null for as long as it takes.</param>
/// <param name="IsJson">Whether the answer is printed as one JSON object.</param>
internal sealed record LineToSay(string Line, bool Wait, int? Seconds, bool IsJson);

/// <summary>Says a line to a ChatOps that runs, and prints what comes of it.</summary>
internal static class LineClient
{
    private const int Refused = 1;
    private const int NotThere = 2;

    /// <summary>0: done; 1: refused, or failed; 2: nobody is there.</summary>
    public static async Task<int> RunAsync(LineToSay said, string? socket, string? url, CancellationToken cancel)
    {
        if (LineWay.Of(socket, url, Environment.GetEnvironmentVariable, out var problem) is not { } way)
            return await FailAsync(problem!, NotThere);
        using var open = way;
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/lines")
            {
                Content = JsonContent.Create(new LineRequest(said.Line, said.Wait, said.Seconds, said.IsJson)),
            };
            using var answer = await way.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
            if (answer.StatusCode != HttpStatusCode.OK)
                return await FailAsync(
                    await WhyAsync(answer, way, cancel),
                    answer.StatusCode == HttpStatusCode.NotFound ? NotThere : Refused
                );
            return await PrintAsync(said, answer, cancel);
        }
        catch (HttpRequestException e) when (e.InnerException is SocketException { SocketErrorCode: SocketError.AccessDenied })
        {
            return await FailAsync($"{way.Place} is not for this account. Next: adduser ACCOUNT chatops-users, and a new login", Refused);
        }
        catch (HttpRequestException) when (way.IsMissing)
        {
            return await FailAsync($"no ChatOps runs here: {way.Place} is not there. Next: {way.Next}", NotThere);
        }
        catch (HttpRequestException e)
        {
            return await FailAsync(
                $"no ChatOps answers at {way.Place} ({e.InnerException?.Message ?? e.Message}). Next: {way.Next}",
                NotThere
            );
        }
        catch (Exception e) when (e is IOException or JsonException)
        {
            return await FailAsync(WentAway, NotThere);
        }
    }

    private const string WentAway =
        "ChatOps has gone away before the end. What it had accepted goes on when it is back. Next: chatops pending";

    private static async Task<int> PrintAsync(LineToSay said, HttpResponseMessage answer, CancellationToken cancel)
    {
        await using var progress = new LateProgress(Console.Error, !Console.IsErrorRedirected);
        await foreach (var happened in EventsAsync(answer, cancel))
        {
            switch (happened)
            {
                case { Event: "progress", Text: { } text }:
                    progress.Show(text);
                    break;
                case { Event: "message", Text: { } text } when !said.IsJson:
                    progress.Clear();
                    await Console.Out.WriteLineAsync(happened.Diff is { } diff ? $"{text}\n{diff}" : text);
                    break;
                case { Event: "private", Text: { } content, Name: { } name }:
                    progress.Clear();
                    await Console.Error.WriteLineAsync($"for you alone, once: {name}");
                    await (said.IsJson ? Console.Error : Console.Out).WriteLineAsync(content.TrimEnd('\n'));
                    break;
                case { Event: "file", Name: { } name, Bytes: { } bytes }:
                    progress.Clear();
                    await Console.Error.WriteLineAsync(await WriteAsync(name, bytes, cancel));
                    break;
                case { Event: "end" }:
                    progress.Clear();
                    return await EndAsync(said, happened);
            }
        }

        return await FailAsync(WentAway, NotThere);
    }

    private static async Task<int> EndAsync(LineToSay said, LineEvent end)
    {
        if (end.Result is not { } result)
            return await FailAsync(end.Text ?? "this could not be done", Refused);
        if (said.IsJson)
            await Console.Out.WriteLineAsync(JsonSerializer.Serialize(result, LineEvent.Json));
        // A refusal is among the messages already; that a wait has ended is not.
        else if (result is { Code: not 0, IsTaken: true, Problem: { } problem })
            await Console.Error.WriteLineAsync(problem);
        return result.Code;
    }

    private static async IAsyncEnumerable<LineEvent> EventsAsync(
        HttpResponseMessage answer,
        [EnumeratorCancellation] CancellationToken cancel
    )
    {
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(cancel));
        while (await reader.ReadLineAsync(cancel) is { } line)
        {
            if (JsonSerializer.Deserialize<LineEvent>(line, LineEvent.Json) is { } happened)
                yield return happened;
        }
    }

    // Into the working folder, and over nothing that is there.
    private static async Task<string> WriteAsync(string name, byte[] bytes, CancellationToken cancel)
    {
        var path = Path.GetFileName(name);
        try
        {
            var options = new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            };
            await using var file = new FileStream(path, options);
            await file.WriteAsync(bytes, cancel);
            return $"written to {Path.GetFullPath(path)}";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"the file {name} could not be written here: {e.Message}";
        }
    }

    private static async Task<string> WhyAsync(HttpResponseMessage answer, LineWay way, CancellationToken cancel) =>
        answer.StatusCode == HttpStatusCode.NotFound
            ? $"{way.Place} takes no lines: no person of its policy file has a token. Next: chatops token"
            : (await answer.Content.ReadAsStringAsync(cancel)).Trim();

    private static async Task<int> FailAsync(string sentence, int code)
    {
        await Console.Error.WriteLineAsync(sentence);
        return code;
    }
}
