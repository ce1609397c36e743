namespace ChatOps.Bot.Chat;

/// <summary>
/// A file with a secret in it: for one person, once. It is in no message, no log and no other file of ours. Not a record, so that nothing
/// prints what is in it by accident.
/// </summary>
/// <param name="name">Its name: <c>laptop.conf</c>.</param>
/// <param name="content">What is in it.</param>
/// <param name="again">The line to type when it was lost.</param>
public sealed class PrivateFile(string name, string content, string again)
{
    /// <summary>The file's name without a folder, such as <c>laptop.conf</c>.</summary>
    public string Name { get; } = name;

    /// <summary>The file's text, with the secret in it.</summary>
    public string Content { get; } = content;

    /// <summary>The line to type when it was lost.</summary>
    public string Again { get; } = again;

    /// <summary>The name alone, so that nothing prints the secret by accident.</summary>
    public override string ToString() => Name;
}
