namespace ChatOps.Bot.Chat;

/// <summary>An answer as a file on the disk of this machine, for the one who asked.</summary>
/// <param name="Name">Its name: <c>audit-20261126-1120.csv</c>.</param>
/// <param name="Path">Where it lies; whoever hands it on deletes it there afterwards.</param>
/// <param name="MediaType">What it is: <c>text/csv</c>.</param>
public sealed record AnswerFile(string Name, string Path, string MediaType, long Size);
