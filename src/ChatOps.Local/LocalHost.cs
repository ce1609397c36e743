using System.Collections.Immutable;
using System.Globalization;
using ChatOps.Bot.Configuration;
using ChatOps.Bot.Terminal;
using ChatOps.Core.Gateways;
using ChatOps.Core.Policy;
using ChatOps.Core.Ports;
using ChatOps.Core.Values;
using ChatOps.Delivery.Folder;
using ChatOps.Delivery.Ssh;
using ChatOps.Functions.Apply;

namespace ChatOps.Local;

/// <summary>The process: reads the configuration, starts the edition with its surfaces, and ends with the right code.</summary>
internal static class LocalHost
{
    /// <summary>Runs until the input ends or Ctrl-C. 0: fine; 1: something was refused or failed; 2: wrong configuration.</summary>
    public static async Task<int> RunAsync(LocalOptions options)
    {
        using var stop = new CancellationTokenSource();
        Console.CancelKeyPress += (_, e) =>
        {
            e.Cancel = true;
            stop.Cancel();
        };
        try
        {
            return await RunAsync(options, stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync("\nstopped. What was accepted and is not finished goes on at the next ./run");
            return 130;
        }
        catch (Exception e) when (e is ConfigurationException or LogCorruptException or TemplateException)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 2;
        }
    }

    private static async Task<int> RunAsync(LocalOptions options, CancellationToken cancel)
    {
        var configuration = PolicyFile.Load(options.Policy);
        var admin =
            configuration.Users.FirstOrDefault(u => u.Has(Role.Admin))
            ?? throw new ConfigurationException($"{options.Policy}: users: expected one with the role admin; lines without a name are theirs");
        var (gateways, shell) = WayTo(options);
        Directory.CreateDirectory(options.Data, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var log = Path.Combine(options.Data, "log.db");
        if (options.Fresh)
            SetAside(log);

        var isTerminal = !Console.IsInputRedirected && !Console.IsOutputRedirected;
        var writer = new TerminalWriter(Console.Out, isTerminal);
        try
        {
            await using var edition = await LocalEdition.StartAsync(
                log,
                gateways,
                shell,
                configuration.Policy,
                Path.Combine(AppContext.BaseDirectory, "templates"),
                ApplyOptions.Default,
                TimeProvider.System,
                writer.Say,
                cancel
            );
            using var printing = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            var printed = writer.RunAsync(edition.Room, printing.Token);
            var code = Console.IsInputRedirected
                ? await new PipeSession(edition, writer, configuration.Users, admin, options.Settle).RunAsync(Console.In, cancel)
                : await TalkAsync(options, edition, writer, configuration.Users, admin, cancel);
            await printing.CancelAsync();
            await printed.ContinueWith(_ => { }, TaskScheduler.Default);
            return code;
        }
        finally
        {
            await DisposeAsync(shell);
        }
    }

    private static async Task<int> TalkAsync(
        LocalOptions options,
        LocalEdition edition,
        TerminalWriter writer,
        ImmutableArray<Speaker> users,
        Speaker admin,
        CancellationToken cancel
    )
    {
        await using var web = await WebHost.StartAsync(options.Port, users, edition, writer.Say, cancel);
        writer.Say(
            $"""
            Say a line; in front of it, who says it (without a name: {admin.Actor.Name}). Try:
              operator: vm add vm2 400::100:0:0:2
              approver: approve 1
              operator: expose vm2:8080 on 80
              help
            Ctrl-D ends.
            """
        );
        var editor = new LineEditor(writer, $"{admin.Actor.Name}> ");
        while (true)
        {
            var known = await edition.Past.VocabularyAsync(cancel);
            if (await Task.Run(() => editor.ReadLine(known), cancel).WaitAsync(cancel) is not { } line)
                return 0;
            if (NamedLine.Read(line, users, admin) is var (speaker, text))
                await edition.Chat.SayAsync(speaker, text, file => writer.Whisper(speaker, file), cancel);
            else
                writer.Say($"no user \"{line.Split(':')[0].Trim()}\". Users: {string.Join(", ", users.Select(u => u.Actor.Id))}");
        }
    }

    private static (IReadOnlyList<Gateway> Gateways, IGatewayShell Shell) WayTo(LocalOptions options)
    {
        if (options.Lab is { } path)
        {
            var lab = LabFile.Load(path);
            return (lab.Gateways, new SshGatewayShell(lab.Ssh));
        }

        var shell = new FolderGatewayShell(options.Folder!, TimeProvider.System);
        ImmutableArray<Address> addresses = [Text.Parse<Address>("203.0.113.10"), Text.Parse<Address>("2001:db8::10")];
        return ([Gateway.WithDefaults(Text.Parse<Name<Gateway>>("gw1"), addresses, null)], shell);
    }

    private static void SetAside(string log)
    {
        var stamp = DateTime.UtcNow.ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture);
        foreach (var ending in new[] { "", "-wal", "-shm" })
        {
            if (File.Exists(log + ending))
                File.Move(log + ending, Path.ChangeExtension(log, $"{stamp}.db{ending}"), overwrite: true);
        }
    }

    private static async ValueTask DisposeAsync(IGatewayShell shell)
    {
        if (shell is IAsyncDisposable asynchronous)
            await asynchronous.DisposeAsync();
        else
            (shell as IDisposable)?.Dispose();
    }
}
