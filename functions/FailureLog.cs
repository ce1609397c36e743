using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Logging;

namespace ChatOps.Functions;

/// <summary>Says in the app's log what broke in which function; the call fails, and the trigger decides about another try.</summary>
internal sealed partial class FailureLog(ILogger<FailureLog> log) : IFunctionsWorkerMiddleware
{
    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        try
        {
            await next(context);
        }
        catch (Exception e) when (!context.CancellationToken.IsCancellationRequested)
        {
            Say(log, context.FunctionDefinition.Name, e);
            throw;
        }
    }

    [LoggerMessage(1, LogLevel.Error, "{Function} has failed")]
    private static partial void Say(ILogger log, string function, Exception exception);
}
