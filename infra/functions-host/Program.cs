using System.CommandLine;
using System.Runtime.InteropServices;
using ChatOps.FunctionsHost;

var folder = new Argument<string>("FOLDER") { Description = "what dotnet publish functions has made" };
var port = new Option<int>("--port") { Description = "where requests are taken, on 127.0.0.1; 0 for any", DefaultValueFactory = _ => 7071 };
var root = new RootCommand("Runs a published folder of Azure Functions with a custom handler, as func start does.") { folder, port };
root.SetAction(async parsed =>
{
    using var stop = new CancellationTokenSource();
    using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
    using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
    try
    {
        await new Host(parsed.GetValue(folder)!, parsed.GetValue(port), TimeProvider.System, Say).RunAsync(_ => { }, stop.Token);
        return 0;
    }
    catch (OperationCanceledException) when (stop.IsCancellationRequested)
    {
        return 0;
    }
    catch (HostingException e)
    {
        Say(e.Message);
        return 2;
    }

    void Stop(PosixSignalContext context)
    {
        context.Cancel = true;
        stop.Cancel();
    }
});
return await root.Parse(args).InvokeAsync(new() { ProcessTerminationTimeout = null });

static void Say(string line) => Console.Error.WriteLine($"functions-host: {line}");
