using ChatOps.Bot.Hosting;
using ChatOps.Bot.Local;
using ChatOps.Core.Application.Ports;
using ChatOps.Core.Decisions.Policy;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Hosting;
using ChatOps.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace ChatOps.Specs;

/// <summary>
/// A conversation over a log, registered as every edition does it. What a test registers besides takes the place of that.
/// </summary>
internal sealed class ConversationHost : IAsyncDisposable
{
    private readonly IHost _host;

    public ConversationHost(
        IEventLog log,
        string past,
        IReadOnlyList<Gateway> gateways,
        ILoggerFactory? logs = null,
        Action<IServiceCollection>? more = null,
        string? templates = null
    )
    {
        var builder = HostingServices.NewBuilder(logs ?? NullLoggerFactory.Instance);
        builder.Services.AddSingleton(log).AddSingleton<INudgeQueue, InProcessNudgeQueue>().AddSingleton(ChangePolicy.Default);
        builder.Services.AddConversation(new(templates ?? Path.Combine(AppContext.BaseDirectory, "templates"), past, gateways));
        more?.Invoke(builder.Services);
        _host = builder.Build();
    }

    public IServiceProvider Services => _host.Services;

    public ConversationCore Core => Services.GetRequiredService<ConversationCore>();

    public LoopEnd Loops => Services.GetRequiredService<LoopEnd>();

    public async Task<ConversationHost> StartAsync(CancellationToken cancel = default)
    {
        await _host.StartAsync(cancel);
        return this;
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        await ((IAsyncDisposable)_host).DisposeAsync();
    }
}
