using System.Buffers.Text;
using System.CommandLine;
using System.Security.Cryptography;
using ChatOps.Bot.Requests;

namespace ChatOps.Local.Commands;

/// <summary><c>chatops token</c>: makes a token for a person's programs. Only its hash is kept anywhere.</summary>
internal static class TokenCommand
{
    private const int Bytes = 32;

    public static Command Create()
    {
        var command = new Command("token", "Makes a token by which a person's programs say lines over HTTP.");
        command.SetAction(async _ =>
        {
            var token = $"chatops_{Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes))}";
            await Console.Error.WriteLineAsync($"for the person's entry in the policy file: \"token\": \"{Caller.HashOf(token)}\"");
            await Console.Error.WriteLineAsync(
                "and for their program, in CHATOPS_TOKEN or a file that CHATOPS_TOKEN_FILE names; it is shown once:"
            );
            await Console.Out.WriteLineAsync(token);
            return 0;
        });
        return command;
    }
}
