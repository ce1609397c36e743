using ChatOps.Bot.Configuration;
using ChatOps.Bot.Local;
using ChatOps.Core.Application.Ports;
using ChatOps.Core.Decisions.Policy;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Hosting;
using ChatOps.Operations.Applying;
using ChatOps.Operations.Reconciling;

namespace ChatOps.Local;

/// <summary>
/// Bot and functions in one process over an embedded log. It holds nothing that the log does not say: stop it anywhere, start it again, and
/// it goes on with what is unfinished.
/// </summary>
internal sealed class LocalEdition : IAsyncDisposable
{
    private readonly IHost _host;

    private LocalEdition(IHost host) => _host = host;

    public ConversationCore Core => _host.Services.GetRequiredService<ConversationCore>();

    public IServiceProvider Services => _host.Services;

    public ChatRoom Room => Core.Room;

    public LocalChat Chat => Core.Chat;

    /// <summary>How many changes have failed or got stuck since the start.</summary>
    public int Failures => Core.Failures;

    /// <summary>The changes that are accepted and not finished.</summary>
    public IReadOnlyList<string> Unsettled => Core.Unsettled;

    /// <summary>Opens the log, makes the configured gateways known to it, and starts to work.</summary>
    /// <param name="logPath">The log's file; made when it is not there.</param>
    /// <param name="shell">The way to them; not disposed of here.</param>
    /// <param name="logs">Where it is logged what goes wrong behind the scenes, and what breaks.</param>
    /// <param name="looks">How often to look at the gateways, and what is worth an alert; the usual for null.</param>
    /// <param name="checkpoints">The file for checkpoints; null for one beside the log.</param>
    /// <param name="worth">How many records a log has that is not read whole at each start.</param>
    /// <exception cref="LogCorruptException">The log cannot be trusted; nothing was started.</exception>
    /// <exception cref="ConfigurationException">The log knows a gateway under this name that is another machine.</exception>
    public static async Task<LocalEdition> StartAsync(
        string logPath,
        IReadOnlyList<Gateway> gateways,
        IGatewayClient shell,
        ChangePolicy policy,
        string templates,
        ApplyOptions options,
        TimeProvider clock,
        ILoggerFactory logs,
        CancellationToken cancel,
        ReconcileOptions? looks = null,
        string? checkpoints = null,
        long worth = LocalLog.Worth,
        Action<HostApplicationBuilder>? more = null
    )
    {
        var builder = HostingServices.NewBuilder(logs);
        builder.Services.AddSingleton(clock).AddSingleton(shell).AddSingleton(options).AddSingleton(looks ?? ReconcileOptions.Default);
        builder.Services.AddLocalEdition(new(logPath, gateways, policy, templates, checkpoints, worth));
        more?.Invoke(builder);
        var edition = new LocalEdition(builder.Build());
        try
        {
            await edition._host.OpenAndStartAsync(cancel);
            return edition;
        }
        catch
        {
            await edition.DisposeAsync();
            throw;
        }
    }

    /// <summary>Stops what runs; what is unfinished is in the log.</summary>
    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        await ((IAsyncDisposable)_host).DisposeAsync();
    }
}
