namespace ChatOps.Gateway.Checking;

/// <summary>What is wrong with a file of a bundle.
/// <c>File</c>: the file's name.
/// <c>Reason</c>: a sentence for a person; it begins with "line N: " where it is about a line.</summary>
internal sealed record Fault(string File, string Reason);
