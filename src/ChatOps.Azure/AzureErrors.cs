using System.Net.Sockets;
using Azure;
using Azure.Identity;
using Azure.Storage.Blobs.Models;
using ChatOps.Core.Application.Ports;
using ChatOps.Hosting;

namespace ChatOps.Azure;

/// <summary>What a failed call says: whether the service may answer another time, and whether it can have heard of this one.</summary>
internal static class AzureErrors
{
    /// <summary>No answer, or one that says "not now".</summary>
    public static bool IsTransient(Exception e, CancellationToken cancel) =>
        e switch
        {
            // The client's own patience is over.
            OperationCanceledException => !cancel.IsCancellationRequested,
            RequestFailedException failed => failed.Status is 0 or 408 or 429 or >= 500,
            AggregateException several => several.InnerExceptions.All(i => IsTransient(i, cancel)),
            _ => e is HttpRequestException or HttpIOException or IOException { InnerException: SocketException },
        };

    /// <summary>Whether the request was never sent, for certain: nobody took the connection.</summary>
    public static bool IsUnsent(Exception e) =>
        e switch
        {
            AggregateException several => several.InnerExceptions.All(IsUnsent),
            RequestFailedException { InnerException: { } inner } => IsUnsent(inner),
            HttpRequestException http => http.HttpRequestError
                is HttpRequestError.NameResolutionError
                    or HttpRequestError.ConnectionError
                    or HttpRequestError.SecureConnectionError,
            _ => false,
        };

    /// <summary>The service answers, and will not have us: no role, no identity, or no such container.</summary>
    public static bool IsRefusal(Exception e) =>
        e is RequestFailedException { Status: 401 or 403 } or AuthenticationFailedException
        || (e is RequestFailedException failed && failed.ErrorCode == BlobErrorCode.ContainerNotFound);

    /// <summary>Does what asks the service, and once more after a pause when it does not answer.</summary>
    /// <param name="doing">What is being done, for whoever reads why it could not be.</param>
    /// <param name="retries">How often once more.</param>
    /// <exception cref="LogUnavailableException">It has not answered each time, or will not have us; nothing was saved.</exception>
    public static async Task OutlastAsync(
        string doing,
        BackOff pauses,
        int retries,
        TimeProvider time,
        Func<Task> work,
        CancellationToken cancel
    )
    {
        for (var failures = 0; ; )
        {
            try
            {
                await work();
                return;
            }
            catch (Exception e) when (IsTransient(e, cancel))
            {
                if (++failures > retries)
                    throw new LogUnavailableException(
                        $"{doing}: it does not answer ({Words(e)}). Next: try again when it is back",
                        mayBeSaved: false,
                        e
                    );
                await pauses.WaitAsync(failures, time, cancel);
            }
            catch (Exception e) when (IsRefusal(e))
            {
                throw Refusal(doing, e);
            }
        }
    }

    public static LogUnavailableException Refusal(string doing, Exception e) =>
        new(
            $"{doing}: {Words(e)}. Next: is the container there, and has this process's identity its role on it? infra/azure/README.md says who may what",
            mayBeSaved: false,
            e
        );

    public static string Words(Exception e) =>
        e switch
        {
            AggregateException { InnerExceptions: [.., var last] } => Words(last),
            OperationCanceledException => "no answer in time",
            RequestFailedException { Status: > 0 } failed => $"{failed.Status} {failed.ErrorCode}".TrimEnd(),
            { InnerException: { } inner } => Words(inner),
            SocketException socket => socket.SocketErrorCode == SocketError.ConnectionRefused ? "connection refused" : socket.Message,
            _ => e.Message.Split('\n')[0].TrimEnd('.', '\r'),
        };
}
