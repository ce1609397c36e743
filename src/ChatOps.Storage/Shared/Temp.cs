#pragma warning disable
using Azure.Storage.Queues;
using ChatOps.Core.Ports;
using ChatOps.Core.Gateways;
using ChatOps.Core.Values;
using ChatOps.Storage.Sqlite;
namespace ChatOps.Storage.Shared;
#if false
internal static class TempLog { public static async Task<IEventLog> OpenAsync(StoreSettings s, CancellationToken c) => await SqliteEventLog.OpenAsync(Environment.GetEnvironmentVariable("CHATOPS_TMP")!, cancel: c); }
#endif
internal sealed class TempQueue(StoreSettings s) : INudgeQueue {
  private readonly QueueClient _q = new(s.Connection, s.QueueName, new QueueClientOptions(QueueClientOptions.ServiceVersion.V2025_11_05){ MessageEncoding = QueueMessageEncoding.Base64 });
  public async Task SendAsync(Nudge n, CancellationToken c) { await _q.CreateIfNotExistsAsync(cancellationToken:c); await _q.SendMessageAsync(NudgeText.Write(n), c); }
  public async Task SendLaterAsync(Nudge n, TimeSpan t, TimeProvider k, CancellationToken c) { await _q.CreateIfNotExistsAsync(cancellationToken:c); await _q.SendMessageAsync(NudgeText.Write(n), t, cancellationToken: c); }
  public IAsyncEnumerable<TakenNudge> ReceiveAsync(CancellationToken c) => throw new NotSupportedException();
}
internal sealed class TempLease : IGatewayLease { public async Task<IGatewayTurn> TakeAsync(Name<Gateway> g, CancellationToken c) => new X(); private sealed class X : IGatewayTurn { public CancellationToken Lost => default; public ValueTask DisposeAsync() => default; } }
