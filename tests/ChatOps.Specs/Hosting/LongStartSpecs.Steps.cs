using ChatOps.Bot.Configuration;
using ChatOps.Core.Application.Ports;
using ChatOps.Core.Application.Streams;
using ChatOps.Core.Decisions;
using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;
using ChatOps.Hosting;
using ChatOps.Local;
using ChatOps.Operations.Applying;
using ChatOps.Specs.Audit;
using ChatOps.Specs.Chat;
using ChatOps.Storage.Sqlite;
using ChatOps.Storage.Starting;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace ChatOps.Specs.Hosting;

/// <summary>What the tests do to a log, and what they look at.</summary>
public sealed partial class LongStartSpecs
{
    private static IEnumerable<string> NamesIn(StartPoint point) =>
        point.Folded.States.Values.SelectMany(s => s.Changes.Values).Select(c => c.By.Name);

    private static GatewayState Again(GatewayState state) => WholeState.Read(new BinaryReader(new MemoryStream(BytesOf(state))));

    private static byte[] BytesOf(GatewayState state)
    {
        using var bytes = new MemoryStream();
        WholeState.Write(new BinaryWriter(bytes), state);
        return bytes.ToArray();
    }

    private static string Checked(LocalEdition edition) => edition.Services.GetRequiredService<LocalLog>().Keeping.Start?.Sentence ?? "";

    // By then what keeps it for the next start is at work, too.
    private static Task ReadAgainAsync(LocalEdition edition) =>
        Eventually.TrueAsync(
            () => Checked(edition).Contains("was read and verified again by", StringComparison.Ordinal),
            () => Checked(edition)
        );

    private static async Task FoundAsync(LocalEdition edition, string what)
    {
        await Eventually.TrueAsync(() => Checked(edition).Contains(what, StringComparison.Ordinal), () => Checked(edition));
        await Eventually.TrueAsync(() => edition.Room.Keys.Contains("fault:log"));
    }

    private static async Task<GatewayState> FoldAsync(LocalEdition edition)
    {
        using var ledger = new Ledger(edition.Services.GetRequiredService<IEventLog>(), TimeProvider.System);
        return await ledger.LoadAsync(PortStory.Gw1, default);
    }

    private static Task<Outcome> WriteAsync(LocalEdition edition, string id, Actor? by = null) =>
        edition.Core.Ledger.DecideAsync(
            PortStory.Gw1,
            new Origin(id, by ?? Given.Operator.Actor),
            s => new Decision.Accepted([
                new ChangeProposed(
                    s.NextNumber,
                    $"vm add {id}",
                    "why not",
                    [new VmAdded(s.NextNumber, Given.Vm("vm7"), [Text.Parse<Address>("10.1.0.7")])],
                    "hash",
                    new(1, "approver")
                ),
            ]),
            default
        );

    // A first start reads all of a log, and leaves behind what it came to.
    private async Task ToldAsync()
    {
        await using (var log = await SqliteEventLog.OpenAsync(Log))
            await PortStory.TellAsync(log, 300);
        await using (await StartAsync())
            await Eventually.TrueAsync(() => File.Exists(Kept));
    }

    private Task<LocalEdition> StartAsync() =>
        LocalEdition.StartAsync(
            Log,
            [],
            new ScriptedGateway(),
            PolicyFile.Load(Path.Combine(AppContext.BaseDirectory, "policy.json")).Policy,
            Path.Combine(AppContext.BaseDirectory, "templates"),
            ApplyOptions.Default,
            TimeProvider.System,
            SentenceLog.To(_said.Add),
            default,
            worth: 1
        );

    private void Tamper(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Log};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"DROP TRIGGER IF EXISTS records_are_not_changed; DROP TRIGGER IF EXISTS records_are_not_removed; {sql}";
        command.ExecuteNonQuery();
    }

    private async Task<long> CountAsync()
    {
        await using var log = await SqliteEventLog.OpenAsync(Log);
        return await log.HeadAsync(default);
    }
}
