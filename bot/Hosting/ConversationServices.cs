using ChatOps.Bot.Chat;
using ChatOps.Bot.Configuration;
using ChatOps.Bot.Conversation;
using ChatOps.Bot.Exports;
using ChatOps.Bot.Local;
using ChatOps.Bot.Peers;
using ChatOps.Bot.Replies;
using ChatOps.Core.Application.Ports;
using ChatOps.Core.Application.Streams;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Hosting;
using ChatOps.Rendering;
using ChatOps.Storage;
using ChatOps.Storage.ReadModels;
using ChatOps.Storage.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ChatOps.Bot.Hosting;

/// <summary>What a conversation is told.</summary>
/// <param name="Past">The file of the read model, of this process alone; it can be lost. Exports go into a folder beside it.</param>
/// <param name="Gateways">The gateways that configuration names.</param>
public sealed record ConversationOptions(string Templates, string Past, IReadOnlyList<Gateway> Gateways)
{
    /// <summary>The file beside the read model that keeps when ports were last used.</summary>
    public string Traffic => Path.Combine(Path.GetDirectoryName(Path.GetFullPath(Past))!, "traffic.db");
}

/// <summary>Registers the conversation and what shows it, the same for every edition.</summary>
public static class ConversationServices
{
    /// <summary>
    /// The conversation, over whatever <see cref="IEventLog"/>, <see cref="INudgeQueue"/> and policy an edition has registered. It holds
    /// nothing that the log does not say.
    /// </summary>
    /// <param name="options">What it is told.</param>
    public static IServiceCollection AddConversation(this IServiceCollection services, ConversationOptions options)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IHealthBoard>(s => new HealthBoard(
            new TrafficNotes(options.Traffic, s.GetRequiredService<ILogger<TrafficNotes>>())
        ));
        return services
            .AddSingleton(options)
            .AddSingleton(s => new Ledger(
                s.GetRequiredService<IEventLog>(),
                s.GetRequiredService<TimeProvider>(),
                s.GetService<FoldedLog>()
            ))
            .AddSingleton(s => s.GetRequiredService<Ledger>().Plans)
            .AddSingleton<Authority>()
            .AddSingleton<QuestionLog>()
            .AddSingleton<ChatRoom>()
            .AddSingleton<IChatRoom>(s => s.GetRequiredService<ChatRoom>())
            .AddSingleton(_ => new Templates(options.Templates))
            .AddSingleton<ReplyWriter>()
            .AddSingleton<IConfigRenderer, ConfigRenderer>()
            .AddSingleton<Previews>()
            .AddSingleton<ChangeCard>()
            .AddSingleton<AlertCard>()
            .AddSingleton<IReadModel>(s => new SqliteReadModel(
                options.Past,
                s.GetRequiredService<IEventLog>(),
                new IndexNotice(s.GetRequiredService<IChatRoom>())
            ))
            .AddSingleton<Forgetting>()
            .AddSingleton<Announcers>()
            .AddSingleton(s =>
                s.GetRequiredService<Announcers>().To(s.GetRequiredService<ChatRoom>(), s.GetRequiredService<Forgetting>().Begin)
            )
            .AddSingleton<IApplyProgress>(s => s.GetRequiredService<Announcer>())
            .AddSingleton<Troubles>()
            .AddSingleton<Answers>()
            .AddSingleton(_ => new ExportFolder(Path.Combine(Path.GetDirectoryName(Path.GetFullPath(options.Past))!, "exports")))
            .AddSingleton<ExportDesk>()
            .AddSingleton<PeerKeys>()
            .AddSingleton<Conversation.Conversation>()
            .AddSingleton<LocalChat>()
            .AddSingleton<ConversationCore>()
            .AddLoops()
            .AddSingleton<IHostedService, ConversationService>();
    }

    /// <summary>
    /// Answers what is asked about the log itself, and says checkpoints in the room, where something is kept beside the log.
    /// </summary>
    public static IServiceCollection AddLogTalk(this IServiceCollection services, Func<IServiceProvider, LogServices> keeping) =>
        services
            .AddSingleton(keeping)
            .AddSingleton(s =>
            {
                var talk = ActivatorUtilities.CreateInstance<LogLineHandler>(s);
                s.GetRequiredService<LogServices>().Signer.AlsoPutIn(ActivatorUtilities.CreateInstance<ChatCheckpointSink>(s));
                return talk;
            });

    /// <summary>Reads the policy file again when it changes.</summary>
    /// <param name="policy">The file at the start.</param>
    public static IServiceCollection AddPolicyWatch(this IServiceCollection services, PolicyFile policy) =>
        services
            .AddSingleton(policy)
            .AddSingleton<PolicyWatch>()
            .AddLoop("reading the policy file", (s, stop) => s.GetRequiredService<PolicyWatch>().RunAsync(stop));

    /// <summary>
    /// Discord, when the policy file names a server and the settings have a token. The policy file is to be registered too.
    /// </summary>
    /// <param name="notes">The file in which it is kept where the cards stand.</param>
    public static IServiceCollection AddDiscord(this IServiceCollection services, string notes) =>
        services
            .AddSingleton(s => ActivatorUtilities.CreateInstance<DiscordService>(s, notes))
            .AddSingleton<IHostedService>(s => s.GetRequiredService<DiscordService>());
}
