using System.CommandLine;
using System.CommandLine.Parsing;
using ChatOps.Hosting;

namespace ChatOps.Local.Commands;

/// <summary>What can be typed behind <c>chatops</c>: without a command what <c>./run</c> starts, and one class a command.</summary>
internal static class CommandLine
{
    /// <summary>Reads the line, does what it says, and returns the exit code; 2 for a wrong line.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        if (args is ["--version"])
        {
            await Console.Out.WriteLineAsync(ProgramVersion.Current);
            return 0;
        }

        var root = RunCommand.Create();
        foreach (var command in Commands())
            root.Subcommands.Add(command);

        // A word that begins with @ is a person or a group, and no file with more words in it.
        var parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });

        // Ctrl-C is ours: it ends what runs in order, and says so.
        return parsed.Errors.Count > 0 ? await WrongAsync(string.Join("; ", parsed.Errors.Select(e => e.Message)))
            : Swallowed(parsed.CommandResult) is { } swallowed ? await WrongAsync(swallowed)
            : await parsed.InvokeAsync(new() { ProcessTerminationTimeout = null });
    }

    /// <summary>Says what is wrong with the line; 2.</summary>
    public static async Task<int> WrongAsync(string sentence)
    {
        await Console.Error.WriteLineAsync(sentence);
        return 2;
    }

    // The next option would become the value of one whose own is missing: a file of that name.
    private static string? Swallowed(SymbolResult? result)
    {
        for (; result is CommandResult command; result = command.Parent)
        {
            foreach (var option in command.Children.OfType<OptionResult>())
            {
                if (option.Tokens.FirstOrDefault(t => t.Value.StartsWith("--", StringComparison.Ordinal)) is { } value)
                    return $"{option.Option.Name} wants a value, and {value.Value} is an option; a value that begins so is written {option.Option.Name}=./{value.Value}";
            }
        }

        return null;
    }

    private static IEnumerable<Command> Commands()
    {
        yield return ServeCommand.Create();
        yield return TokenCommand.Create();
        yield return CheckPolicyCommand.Create();
        foreach (var command in SayCommand.Create().Concat(BackupCommands.All()))
            yield return command;
    }
}
