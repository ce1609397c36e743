using System.Net.Http.Headers;
using System.Text;
using ChatOps.Core.Ports;
using ChatOps.Storage;

namespace ChatOps.Bot.Hosting;

/// <summary>
/// A queue whose nudges also go to the function app by a request, so that nobody waits for the queue to be polled. The message in the queue is what
/// counts: when the request fails, the nudge comes a little later.
/// </summary>
/// <param name="queue">The queue.</param>
/// <param name="functions">Where the function app is.</param>
/// <param name="key">Its key.</param>
public sealed class HurriedQueue(INudgeQueue queue, Uri functions, string key) : INudgeQueue, IAsyncDisposable
{
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false }) { Timeout = TimeSpan.FromMinutes(5) };
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private readonly HashSet<Task> _asking = [];

    /// <inheritdoc/>
    public async Task SendAsync(Nudge nudge, CancellationToken cancel)
    {
        Track(AskAsync(nudge));
        await queue.SendAsync(nudge, cancel);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<TakenNudge> ReceiveAsync(CancellationToken cancel) => queue.ReceiveAsync(cancel);

    /// <summary>Opens the connection that the first nudge will go over; it does no harm when nobody answers yet.</summary>
    public void Warm() => Track(AskAsync(new HttpRequestMessage(HttpMethod.Get, new Uri(functions, "api/status"))));

    /// <summary>Stops what still waits for an answer.</summary>
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
        return AskAsync(new HttpRequestMessage(HttpMethod.Post, new Uri(functions, "api/nudge")) { Content = content });
    }

    private async Task AskAsync(HttpRequestMessage request)
    {
        using (request)
        {
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
    }
}
