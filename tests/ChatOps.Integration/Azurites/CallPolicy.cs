using Azure;
using Azure.Core;
using Azure.Core.Pipeline;

namespace ChatOps.Integration.Azurites;

/// <summary>Stands between a client and the service: decides for each call, by its number from 1, what becomes of it.</summary>
/// <param name="act">Gets the number, the request, and what sends it.</param>
internal sealed class CallPolicy(Func<int, Request, Func<ValueTask>, ValueTask> act) : HttpPipelinePolicy
{
    private int _calls;

    /// <summary>How many calls there were.</summary>
    public int Calls => _calls;

    /// <summary>
    /// The process dies at a call, before it is sent or when it was answered: that call, and all after it, come to nothing for the caller.
    /// </summary>
    public static CallPolicy DiesAt(int call, bool beforeSending) =>
        new(
            async (number, _, send) =>
            {
                if (number == call && !beforeSending)
                    await send();
                if (number >= call)
                    throw new DiedException();
                await send();
            }
        );

    /// <summary>Every block that is appended is, but the answer gets lost; as many as are said.</summary>
    public static CallPolicy LosesAnswers(int count, bool andAllElse = false)
    {
        var lost = 0;
        return new(
            async (_, request, send) =>
            {
                if (lost > 0 && andAllElse)
                    throw new RequestFailedException(0, "nobody answers", null, new HttpRequestException(HttpRequestError.ConnectionError));
                await send();
                if (
                    request.Method == RequestMethod.Put
                    && request.Uri.Query.Contains("appendblock", StringComparison.Ordinal)
                    && lost < count
                )
                {
                    lost++;
                    throw new RequestFailedException(
                        0,
                        "the answer was lost",
                        null,
                        new HttpRequestException(HttpRequestError.ResponseEnded)
                    );
                }
            }
        );
    }

    /// <inheritdoc/>
    public override ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) =>
        act(Interlocked.Increment(ref _calls), message.Request, () => ProcessNextAsync(message, pipeline));

    /// <inheritdoc/>
    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) =>
        throw new NotSupportedException("nothing here waits for the network");
}

/// <summary>Stands for the end of a process.</summary>
internal sealed class DiedException() : Exception("the process has died");
