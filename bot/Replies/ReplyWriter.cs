using ChatOps.Rendering;
using Scriban.Runtime;

namespace ChatOps.Bot.Replies;

/// <summary>Writes replies by the templates in <c>templates/replies</c>.</summary>
public sealed class ReplyWriter(Templates templates)
{
    /// <summary>The text of a reply, without empty lines at its end.</summary>
    /// <param name="name">The template's name, without folder and ending.</param>
    /// <param name="model">Its variables: an object whose members are read in snake case.</param>
    public string Write(string name, object model)
    {
        var variables = new ScriptObject();
        variables.Import(model);
        return templates.Render($"replies/{name}.sbn", variables).TrimEnd('\n');
    }
}
