using ChatOps.Core.Changes;
using ChatOps.Core.Erasure;
using ChatOps.Core.Loops;
using ChatOps.Core.Policy;
using ChatOps.Core.Ports;
using ChatOps.Functions.Api;
using ChatOps.Functions.Apply;
using ChatOps.Functions.Reconcile;
using ChatOps.Functions.Retry;
using ChatOps.Functions.Settings;
using ChatOps.Functions.Statistics;
using ChatOps.Rendering;
using ChatOps.Storage.Board;
using ChatOps.Storage.ReadModels;
using ChatOps.Storage.Shared;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ChatOps.Functions.Hosting;

/// <summary>The process of the function app: reads its settings, puts the functions together, and serves its host until it is stopped.</summary>
internal static class FunctionApp
{
    /// <summary>Runs until SIGTERM or Ctrl-C. 0: fine; 2: a setting is missing or wrong, or the log cannot be trusted; 3: a loop in the background has ended.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.AddEnvironmentVariables();
        var problems = new List<string>();
        var settings = AppSettings.Read(builder.Configuration, problems);
        if (problems.Count > 0)
            return await EndAsync(problems);
        builder.WebHost.UseUrls(FormattableString.Invariant($"http://127.0.0.1:{settings.Port}"));
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        await using var app = builder.Build();
        try
        {
            return await ServeAsync(app, settings);
        }
        catch (Exception e) when (e is LogCorruptException or LogUnavailableException or TemplateException)
        {
            return await EndAsync([e.Message]);
        }
    }

    private static async Task<int> ServeAsync(WebApplication app, AppSettings settings)
    {
        var (clock, log, stopping) = (TimeProvider.System, app.Logger, app.Lifetime.ApplicationStopping);
        await using var stores = await SharedStores.OpenAsync(settings.Stores, "functions", problem => Say.Trouble(log, "stores", problem), stopping);
        using var events = new ErasableLog(stores.Log, keys: null);
        var renderer = new ConfigRenderer(new Templates(Path.Combine(AppContext.BaseDirectory, "templates")));
        var shell = settings.OpenShell();
        await using var board = new PublishedBoard(stores.Board, problem => Say.Trouble(log, "board", problem));
        using var ledger = new Ledger(events, clock);
        var apply = new Apply.Apply(ledger, new ApplyTools(renderer, shell, board, clock, ApplyOptions.Default) { Lease = stores.Lease });
        using var reconcile = new Reconcile.Reconcile(ledger, stores.Queue, shell, board, new ChangePolicy([], settings.RepairsByItself), clock, ReconcileOptions.Default);
        var work = new NudgedWork(apply, reconcile, ledger);
        var nudged = new Nudged(work, stores.Queue, board, reconcile.RunAsync, clock);
        await using var past = new SqliteReadModel(Path.Combine(settings.Stores.Data, "functions", "past.db"), events);
        IFunction[] functions =
        [
            new ApplyFunction(nudged, log),
            new RetryFunction(ledger, work, log),
            new ReconcileFunction(reconcile),
            new StatisticsFunction(new Sampler(ledger, shell, board, clock)),
        ];
        Handler.Map(app, functions, new ApiFunction(ledger, past, board, nudged, clock, log), stopping);
        await using var loops = new BackgroundLoops();
        loops.Start("writing the board", stop => board.Writing.WaitAsync(stop));
        try
        {
            return await loops.WhileRunningAsync(
                async over =>
                {
                    await ((IHost)app).RunAsync(over);
                    return 0;
                },
                CancellationToken.None
            );
        }
        catch (LoopEndedException e)
        {
            // The Functions host starts it again.
            Say.Broke(log, e.Message, e);
            return 3;
        }
        finally
        {
            if (shell is IAsyncDisposable asynchronous)
                await asynchronous.DisposeAsync();
            else
                (shell as IDisposable)?.Dispose();
        }
    }

    private static async Task<int> EndAsync(IEnumerable<string> problems)
    {
        foreach (var problem in problems)
            await Console.Error.WriteLineAsync(problem);
        return 2;
    }
}
