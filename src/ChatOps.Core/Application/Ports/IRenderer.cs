using ChatOps.Core.Domain.Gateways;

namespace ChatOps.Core.Application.Ports;

/// <summary>Turns what a gateway is to do into its files, by the templates. The same edge gives the same bytes.</summary>
public interface IConfigRenderer
{
    /// <summary>The files by name; a file that is not needed is absent.</summary>
    /// <exception cref="TemplateException">A template is wrong; it names file, line and variable.</exception>
    IReadOnlyDictionary<string, string> Render(Edge edge);
}

/// <summary>A template cannot be rendered: a syntax error, an unknown variable, a missing file.</summary>
public sealed class TemplateException(string message, Exception? inner = null) : Exception(message, inner);
