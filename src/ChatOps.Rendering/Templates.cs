using ChatOps.Core.Application.Ports;
using Scriban;
using Scriban.Parsing;
using Scriban.Runtime;

namespace ChatOps.Rendering;

/// <summary>
/// The Scriban templates of a folder, read and parsed once. Rendering is strict: an unknown variable is an error with its file and line,
/// never an empty string in a firewall.
/// </summary>
public sealed class Templates(string folder) : ITemplateLoader
{
    private readonly Dictionary<string, Template> _parsed = new(StringComparer.Ordinal);
    private readonly Lock _parsing = new();

    /// <summary>Renders a template.</summary>
    /// <param name="path">Its path in the folder, with slashes: <c>nginx/nginx.conf.sbn</c>.</param>
    /// <exception cref="TemplateException">The template is missing or wrong.</exception>
    public string Render(string path, ScriptObject model) => Renderer(path)(model);

    /// <summary>The same for many models: what a rendering is made in is used again and again. Not for several threads at once.</summary>
    /// <exception cref="TemplateException">The template is missing or wrong; so may the function throw.</exception>
    public Func<ScriptObject, string> Renderer(string path)
    {
        var template = Parsed(path);
        var context = new TemplateContext
        {
            StrictVariables = true,
            EnableRelaxedMemberAccess = false,
            EnableRelaxedIndexerAccess = false,
            LoopLimit = 0,
            LimitToString = 0,
            NewLine = "\n",
            TemplateLoader = this,
        };
        return model =>
        {
            context.PushGlobal(model);
            try
            {
                return template.Render(context);
            }
            catch (Scriban.Syntax.ScriptRuntimeException e)
            {
                throw new TemplateException($"templates/{e.Message}", e);
            }
            finally
            {
                context.PopGlobal();
            }
        };
    }

    /// <inheritdoc/>
    string ITemplateLoader.GetPath(TemplateContext context, SourceSpan callerSpan, string templateName) => templateName;

    /// <inheritdoc/>
    string ITemplateLoader.Load(TemplateContext context, SourceSpan callerSpan, string templatePath) => Read(templatePath).TrimEnd('\n');

    /// <inheritdoc/>
    ValueTask<string?> ITemplateLoader.LoadAsync(TemplateContext context, SourceSpan callerSpan, string templatePath) =>
        ValueTask.FromResult<string?>(Read(templatePath).TrimEnd('\n'));

    private string Read(string path)
    {
        var file = Path.Combine(folder, path);
        return File.Exists(file) ? File.ReadAllText(file) : throw new TemplateException($"templates/{path} is missing");
    }

    private Template Parsed(string path)
    {
        lock (_parsing)
        {
            if (_parsed.TryGetValue(path, out var known))
                return known;
            var template = Template.Parse(Read(path), path);
            if (template.HasErrors)
                throw new TemplateException($"templates/{path}: {string.Join("; ", template.Messages)}");
            return _parsed[path] = template;
        }
    }
}
