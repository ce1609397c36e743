using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using ChatOps.Gateway.Running;

namespace ChatOps.Gateway.Loading;

/// <summary>
/// HTTP/2 in the words of the nginx that is here. A revision says <c>listen ... ssl http2</c>, which every version takes; from 1.25.1 on
/// nginx warns of it for each server and wants <c>http2 on</c>. What is laid for it then says so, on the same line, so that a complaint
/// names the line of the file that was sent.
/// </summary>
internal static partial class NginxDialect
{
    private static readonly Version Directive = new(1, 25, 1);

    private const string Parameter = " ssl http2";

    /// <summary>A revision's nginx.conf for the nginx of this machine.</summary>
    public static string Of(string text) =>
        text.Contains(Parameter, StringComparison.Ordinal) && VersionIn(Command.Run("nginx", "-v").Said) >= Directive
            ? WithDirective(text)
            : text;

    /// <summary>The version that <c>nginx -v</c> tells: <c>nginx version: nginx/1.26.3 (Ubuntu)</c>; null when it tells none.</summary>
    public static Version? VersionIn(string said) =>
        Number().Match(said) is { Success: true } found ? Version.Parse(found.Groups[1].ValueSpan) : null;

    /// <summary>HTTP/2 as a directive of each server that has it, in place of a parameter of each of its listeners.</summary>
    public static string WithDirective(string text)
    {
        var (written, isSaid) = (new StringBuilder(text.Length), false);
        foreach (var line in text.Split('\n'))
        {
            if (line.TrimStart().StartsWith("server {", StringComparison.Ordinal))
                isSaid = false;
            if (!(line.TrimStart().StartsWith("listen ", StringComparison.Ordinal) && line.Contains(Parameter, StringComparison.Ordinal)))
            {
                written.Append(line).Append('\n');
                continue;
            }

            written.Append(
                CultureInfo.InvariantCulture,
                $"{line.Replace(Parameter, " ssl", StringComparison.Ordinal)}{(isSaid ? "" : " http2 on;")}\n"
            );
            isSaid = true;
        }

        return written.ToString(0, written.Length - 1);
    }

    [GeneratedRegex(@"\bnginx/(\d{1,4}\.\d{1,4}\.\d{1,4})\b")]
    private static partial Regex Number();
}
