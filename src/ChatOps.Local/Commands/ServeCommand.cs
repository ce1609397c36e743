using System.CommandLine;
using ChatOps.Local.Serving;

namespace ChatOps.Local.Commands;

/// <summary><c>chatops serve</c>: the service, without a terminal, so that nobody can speak as somebody else.</summary>
internal static class ServeCommand
{
    public static Command Create()
    {
        var settings = new Option<string>("--settings")
        {
            Description = "the settings file",
            DefaultValueFactory = _ => ServeSettings.UsualFile,
        };
        var data = new Option<string?>("--data")
        {
            Description = $"where the log lies; {ServeSettings.UsualData} when neither this nor a setting says so",
        };
        var ways = new WayOptions();
        var command = new Command("serve", "Runs as a service until SIGTERM: no terminal, settings from a file and the environment.")
        {
            settings,
            data,
        };
        ways.AddTo(command);
        command.SetAction(parsed =>
            ways.Read(parsed, out var way) is { } problem
                ? CommandLine.WrongAsync(problem)
                : ServeProgram.RunAsync(
                    parsed.GetValue(settings)!,
                    new Dictionary<string, string?> { [ServeSettings.DataName] = parsed.GetValue(data) },
                    way
                )
        );
        return command;
    }
}
