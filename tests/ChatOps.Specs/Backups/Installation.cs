using ChatOps.Bot.Configuration;
using ChatOps.Bot.Hosting;
using ChatOps.Bot.Terminal;
using ChatOps.Hosting;
using ChatOps.Local;
using ChatOps.Local.Backups;
using ChatOps.Operations.Applying;
using ChatOps.Specs.Chat;

namespace ChatOps.Specs.Backups;

/// <summary>An installation: a data folder, the edition that works in it, and a place for backups.</summary>
internal sealed class Installation : IDisposable
{
    private readonly TempFolder _folder = new();

    public string Data => _folder.In("data");

    public string Policy { get; } = Path.Combine(AppContext.BaseDirectory, "policy.json");

    public string In(string name) => _folder.In(name);

    public string InData(string name) => Path.Combine(Data, name);

    public void Dispose() => _folder.Dispose();

    /// <summary>Starts the edition, says lines, ends it. Everything that it printed.</summary>
    public async Task<string> SayAsync(string lines, Func<Task>? meanwhile = null)
    {
        using var folder = DataFolder.Open(Data);
        return await SayInAsync(Data, lines, meanwhile);
    }

    public static async Task<string> SayInAsync(string data, string lines, Func<Task>? meanwhile = null)
    {
        var output = new StringWriter();
        var writer = new TerminalWriter(output, isTerminal: false);
        var policy = PolicyFile.Load(Path.Combine(AppContext.BaseDirectory, "policy.json"));
        await using var edition = await LocalEdition.StartAsync(
            Path.Combine(data, "log.db"),
            [Given.Gateway()],
            new ScriptedGateway(),
            policy.Policy,
            Path.Combine(AppContext.BaseDirectory, "templates"),
            ApplyOptions.Default,
            TimeProvider.System,
            SentenceLog.To(writer.Say),
            default
        );
        using var printing = new CancellationTokenSource();
        var printed = writer.RunAsync(edition.Room, printing.Token);
        var session = new PipeSession(
            edition.Core,
            writer,
            policy.Users,
            policy.Users.First(u => u.Actor.Id == "admin"),
            TimeSpan.FromMinutes(1)
        );
        await session.RunAsync(new StringReader(lines), default);
        if (meanwhile is not null)
            await meanwhile();
        await printing.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => printed);
        return output.ToString();
    }

    public async Task<BackupManifest> BackUpAsync(string file) =>
        await new Backup(Data, Policy, null, TimeProvider.System).MakeAsync(
            (made, staged) => BackupFile.WriteAsync(In(file), made, staged, false, default),
            default
        );

    public Task<Restored> RestoreAsync(string file, bool replaces = true) => RestoreAsync(file, Data, replaces);

    public async Task<Restored> RestoreAsync(string file, string data, bool replaces = true, Action<string>? step = null)
    {
        using var folder = DataFolder.Open(data);
        await using var from = File.OpenRead(In(file));
        return await new Restore(folder, [], TimeProvider.System).RunAsync(from, file, replaces, step ?? (_ => { }), default);
    }

    /// <summary>All files of a folder with what is in them, as a killed process leaves them.</summary>
    public static void Copy(string from, string to)
    {
        foreach (var folder in Directory.EnumerateDirectories(from, "*", SearchOption.AllDirectories).Prepend(from))
            Directory.CreateDirectory(Path.Combine(to, Path.GetRelativePath(from, folder)));
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(to, Path.GetRelativePath(from, file));
            if (Path.GetFileName(file) != "lock")
                File.Copy(file, copy);
        }
    }
}
