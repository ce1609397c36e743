using System.Text.Json;
using Azure;
using Azure.Storage.Blobs;
using ChatOps.Core.Application.Ports;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;
using Microsoft.Extensions.Logging;

namespace ChatOps.Azure.Board;

/// <summary>
/// Reads in one process what another publishes: health and statistics onto a board in memory, the steps of an apply to whoever shows them.
/// It looks often only while somebody waits.
/// </summary>
/// <param name="board">Where health and statistics go.</param>
/// <param name="progress">Who hears of steps.</param>
/// <param name="isAwaited">True while somebody waits for an apply.</param>
/// <param name="log">Where it is logged that nothing can be read, once until it works again.</param>
public sealed partial class BoardReader(
    BlobContainerClient container,
    IHealthBoard board,
    IApplyProgress progress,
    Func<bool> isAwaited,
    TimeProvider clock,
    ILogger<BoardReader> log
)
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, string> _seen = new(StringComparer.Ordinal);
    private readonly Dictionary<Name<Gateway>, ProgressPage> _steps = [];

    /// <summary>Reads until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        var isFailing = false;
        while (true)
        {
            try
            {
                await LookAsync(cancel);
                isFailing = false;
            }
            catch (RequestFailedException e) when (e.Status == 404)
            {
                // Nothing was published yet.
            }
            catch (Exception e) when (e is RequestFailedException or JsonException || AzureErrors.IsTransient(e, cancel))
            {
                if (!isFailing)
                    Unreadable(e.Message.Split('\n')[0].Trim());
                isFailing = true;
            }

            // Short steps, so that whoever begins to wait need not wake us.
            for (
                var waited = TimeSpan.Zero;
                waited < Pause && (waited == TimeSpan.Zero || isFailing || !isAwaited());
                waited += PollInterval
            )
                await Task.Delay(PollInterval, clock, cancel);
        }
    }

    private async Task LookAsync(CancellationToken cancel)
    {
        await foreach (var blob in container.GetBlobsAsync(cancellationToken: cancel))
        {
            if (
                BoardPages.Read(blob.Name) is not var (gateway, page)
                || blob.Properties.ETag is not { } tag
                || (_seen.TryGetValue(blob.Name, out var seen) && seen == Bare(tag))
            )
                continue;
            var content = (await container.GetBlobClient(blob.Name).DownloadContentAsync(cancel)).Value;
            _seen[blob.Name] = Bare(content.Details.ETag);
            Show(gateway, page, content.Content);
        }
    }

    // The same tag stands in quotes in a blob's own answer and without them in a listing, and the client's type takes those for two.
    private static string Bare(ETag tag) => tag.ToString("G").Trim('"');

    private void Show(Name<Gateway> gateway, string page, BinaryData content)
    {
        switch (page)
        {
            case BoardPages.Health when content.ToObjectFromJson<GatewayHealth>(BoardPages.Options) is { } health:
                board.Put(gateway, health);
                break;
            case BoardPages.Statistics when content.ToObjectFromJson<StatisticsPage>(BoardPages.Options) is { } statistics:
                if (statistics.Sample is { } sample)
                    board.Add(gateway, sample);
                else if (statistics.Missed is { } why)
                    board.Miss(gateway, why);
                break;
            case BoardPages.Progress when content.ToObjectFromJson<ProgressPage>(BoardPages.Options) is { } step:
                if (!_steps.TryGetValue(gateway, out var before) || before != step)
                    progress.Report(gateway, step.Change, step.Step);
                _steps[gateway] = step;
                break;
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "the board cannot be read, so status and statistics are old: {Problem}")]
    private partial void Unreadable(string problem);
}
