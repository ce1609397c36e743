namespace ChatOps.Gateway;

/// <summary>
/// A verb that is not done, or only in part: in which step, a code that a program understands ("" where there is none), which file is to
/// blame, and a sentence for people. Program.cs makes the answer of it.
/// </summary>
internal sealed class Refusal(string step, string code, string error, string file = "") : Exception(error)
{
    public string Step { get; } = step;

    public string Code { get; } = code;

    public string File { get; } = file;
}
