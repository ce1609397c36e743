using System.Collections.Immutable;
using System.Text.Json;
using System.Threading.Channels;
using Azure;
using Azure.Storage.Blobs;
using ChatOps.Core.Application.Ports;
using ChatOps.Core.Application.Statistics;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;
using ChatOps.Storage;
using Microsoft.Extensions.Logging;

namespace ChatOps.Azure.Board;

/// <summary>
/// The board of the process that reaches gateways: what it hears and the steps of its applies go into blobs that other processes read.
/// Nobody waits for the blobs, a newer page overtakes one that is still to be written, and what cannot be written is dropped: all of it can
/// be lost.
/// </summary>
public sealed partial class PublishedBoard : IHealthBoard, IApplyProgress, IAsyncDisposable
{
    private readonly HealthBoard _board = new();
    private readonly BlobContainerClient _container;
    private readonly ILogger<PublishedBoard> _log;
    private readonly Channel<string> _order = Channel.CreateUnbounded<string>(new() { SingleReader = true });
    private readonly Dictionary<string, BinaryData> _waiting = [];
    private readonly Task _writing;
    private bool _isFailing;

    /// <summary>Publishes into a container that is there, or may be made.</summary>
    /// <param name="container">The container; not the log's.</param>
    /// <param name="log">Where it is logged that nothing can be written, once until it works again.</param>
    public PublishedBoard(BlobContainerClient container, ILogger<PublishedBoard> log)
    {
        (_container, _log) = (container, log);
        _writing = WriteAsync();
    }

    /// <summary>Runs until the board is disposed of; fails when it cannot go on writing.</summary>
    public Task Writing => _writing;

    /// <inheritdoc/>
    public long Heard => _board.Heard;

    /// <inheritdoc/>
    public void Put(Name<Gateway> gateway, GatewayHealth health)
    {
        _board.Put(gateway, health);
        Publish(gateway, BoardPages.Health, health);
    }

    /// <inheritdoc/>
    public GatewayHealth? Get(Name<Gateway> gateway) => _board.Get(gateway);

    /// <inheritdoc/>
    public void Add(Name<Gateway> gateway, StatsSample sample)
    {
        _board.Add(gateway, sample);
        Publish(gateway, BoardPages.Statistics, new StatisticsPage(sample, null));
    }

    /// <inheritdoc/>
    public void Miss(Name<Gateway> gateway, string why)
    {
        _board.Miss(gateway, why);
        Publish(gateway, BoardPages.Statistics, new StatisticsPage(null, why));
    }

    /// <inheritdoc/>
    public string? MissedBecause(Name<Gateway> gateway) => _board.MissedBecause(gateway);

    /// <inheritdoc/>
    public LastTraffic? TrafficOf(Name<Gateway> gateway) => _board.TrafficOf(gateway);

    /// <inheritdoc/>
    public ImmutableArray<StatsSample> SamplesOf(Name<Gateway> gateway) => _board.SamplesOf(gateway);

    /// <inheritdoc/>
    public void Report(Name<Gateway> gateway, int change, ApplyStep step) =>
        Publish(gateway, BoardPages.Progress, new ProgressPage(change, step));

    /// <summary>Writes what waits, and ends.</summary>
    public async ValueTask DisposeAsync()
    {
        _order.Writer.TryComplete();
        await _writing;
    }

    private void Publish<T>(Name<Gateway> gateway, string page, T content)
    {
        var name = BoardPages.NameOf(gateway, page);
        var json = BinaryData.FromBytes(JsonSerializer.SerializeToUtf8Bytes(content, BoardPages.Options));
        lock (_waiting)
        {
            if (!_waiting.ContainsKey(name))
                _order.Writer.TryWrite(name);
            _waiting[name] = json;
        }
    }

    private async Task WriteAsync()
    {
        await foreach (var name in _order.Reader.ReadAllAsync())
        {
            BinaryData? content;
            lock (_waiting)
                _waiting.Remove(name, out content);
            try
            {
                await WriteAsync(_container.GetBlobClient(name), content!);
                _isFailing = false;
            }
            catch (Exception e) when (e is RequestFailedException || AzureErrors.IsTransient(e, CancellationToken.None))
            {
                if (!_isFailing)
                    Unwritten(e.Message.Split('\n')[0].Trim());
                _isFailing = true;
            }
        }
    }

    private async Task WriteAsync(BlobClient blob, BinaryData content)
    {
        try
        {
            await blob.UploadAsync(content, overwrite: true);
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            await _container.CreateIfNotExistsAsync();
            await blob.UploadAsync(content, overwrite: true);
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "the board cannot be written: {Problem}")]
    private partial void Unwritten(string problem);
}
