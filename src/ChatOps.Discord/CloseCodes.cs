namespace ChatOps.Discord;

/// <summary>What the codes mean with which Discord closes a connection. Source: Discord's "Opcodes and Status Codes".</summary>
internal static class CloseCodes
{
    private const string Portal = "the developer portal (your application, Bot, Privileged Gateway Intents)";

    /// <summary>What follows from a close code.</summary>
    /// <param name="code">The code; null when the connection broke without one.</param>
    public static Ending Of(int? code, string? said, Intents intents)
    {
        var why = code is null
            ? "the connection broke"
            : $"Discord closed the connection ({code}{(string.IsNullOrEmpty(said) ? "" : $" {said}")})";
        return code switch
        {
            4004 => new Ending.Stop(DiscordStopException.WrongToken()),
            4010 => Stop("Discord does not know the shard that the bot named.", "update ChatOps: it names none"),
            4011 => Stop(
                "Discord wants the bot to be split into shards, because it is in too many servers.",
                "remove it from servers whose edge it does not run"
            ),
            4012 => Stop("Discord has given up version 10 of its gateway.", "update ChatOps"),
            4013 => Stop($"Discord does not know the intents {(int)intents} that the bot asked for.", "update ChatOps"),
            4014 => Stop($"Discord does not give the bot the intents that it asked for ({intents}).", NextFor(intents)),

            // The session is over for sure; the others may go on, and a session that cannot is answered by op 9.
            4003 or 4007 or 4009 => new Ending.Begin(why),
            _ => new Ending.Resume(why),
        };
    }

    private static Ending.Stop Stop(string sentence, string next) => new(new DiscordStopException(sentence, next));

    private static string NextFor(Intents intents) =>
        intents.HasFlag(Intents.MessageContent)
            ? $"switch on Message Content Intent in {Portal}"
            : $"look at {Portal}: the bot needs none that has to be switched on";
}
