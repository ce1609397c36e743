using System.Net.Http.Headers;
using System.Text;
using ChatOps.Core.Application.Ports;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;
using ChatOps.Storage;
using Microsoft.Extensions.Logging;

namespace ChatOps.CloudBot;

/// <summary>
/// A queue whose nudges also go to the function app by a request, so that nobody waits for the queue to be polled. The message in the queue
/// is what counts: when the request fails, the nudge comes a little later.
/// </summary>
/// <param name="functions">Where the function app is; null to leave it to the queue.</param>
/// <param name="log">Where it is logged that the queue does not take a nudge.</param>
internal sealed partial class HttpNotifyingQueue(INudgeQueue queue, Uri? functions, string? key, ILogger<HttpNotifyingQueue> log)
    : INudgeQueue,
        IAsyncDisposable
{
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false })
    {
        Timeout = TimeSpan.FromMinutes(5),
    };
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private readonly HashSet<Task> _asking = [];

    /// <inheritdoc/>
    public async Task SendAsync(Nudge nudge, CancellationToken cancel)
    {
        Track(AskAsync(nudge));
        try
        {
            await queue.SendAsync(nudge, cancel);
        }
        catch (Exception e) when (!(e is OperationCanceledException && cancel.IsCancellationRequested))
        {
            // What the nudge is about is in the log, and the look at all that is unfinished needs no queue.
            NotTaken(nudge.Gateway, e.Message.Split('\n')[0].TrimEnd('\r', '.'));
        }
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<TakenNudge> ReceiveAsync(CancellationToken cancel) => queue.ReceiveAsync(cancel);

    /// <summary>Opens the connection that the first nudge will go over; it does no harm when nobody answers yet.</summary>
    public void Warm() => Track(AskAsync(HttpMethod.Get, "api/status", null));

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        Task[] asking;
        lock (_lock)
            asking = [.. _asking];
        await Task.WhenAll(asking);
        _client.Dispose();
        _stop.Dispose();
    }

    private void Track(Task task)
    {
        lock (_lock)
            _asking.Add(task);
        _ = task.ContinueWith(Forget, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private void Forget(Task task)
    {
        lock (_lock)
            _asking.Remove(task);
    }

    private Task AskAsync(Nudge nudge)
    {
        var content = new StringContent(NudgeText.Write(nudge), Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        return AskAsync(HttpMethod.Post, "api/nudge", content);
    }

    private async Task AskAsync(HttpMethod method, string path, HttpContent? content)
    {
        if (functions is null)
            return;
        using var request = new HttpRequestMessage(method, new Uri(functions, path)) { Content = content };
        request.Headers.Add("x-functions-key", key);
        try
        {
            using var answer = await _client.SendAsync(request, _stop.Token);
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            // The queue has it.
        }
    }

    [LoggerMessage(
        1,
        LogLevel.Warning,
        "the queue does not take the nudge for {Gateway} ({Problem}). What was said is saved; it is applied at the next look, within half a minute"
    )]
    private partial void NotTaken(Name<Gateway> gateway, string problem);
}
