using System.CommandLine;
using ChatOps.Bot.Configuration;
using ChatOps.Core.Decisions.Policy;

namespace ChatOps.Local.Commands;

/// <summary><c>chatops check-policy FILE</c>: what a policy file comes to, or all that is wrong with it.</summary>
internal static class CheckPolicyCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "the policy file" };
        var command = new Command(
            "check-policy",
            "Says what a policy file comes to: who may what, with whose consent. 2 when it is wrong, with all that is."
        )
        {
            file,
        };
        command.SetAction(parsed => RunAsync(parsed.GetValue(file)!, Console.Out));
        return command;
    }

    /// <summary>Writes it; 0, or 2 when the file is wrong.</summary>
    public static async Task<int> RunAsync(string path, TextWriter output)
    {
        PolicyFile file;
        try
        {
            file = PolicyFile.Load(path);
            file.CheckSections();
        }
        catch (ConfigurationException e)
        {
            return await CommandLine.WrongAsync(e.Message);
        }

        foreach (var line in PolicyTable.Of(file))
            await output.WriteLineAsync(line.TrimEnd());
        foreach (var (about, sentence) in PolicyCheck.Warnings(file.Policy, file.Team))
            await output.WriteLineAsync($"warning: {about}: {sentence}");
        return 0;
    }
}
