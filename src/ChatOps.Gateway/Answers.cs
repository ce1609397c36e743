using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using ChatOps.Gateway.Running;
using ChatOps.Gateway.State;

namespace ChatOps.Gateway;

/// <summary>What is said to whoever called: lines of JSON on standard output, of which the last one is the answer.</summary>
internal static class Answers
{
    private const int ErrorLength = 1000;
    private static readonly JsonWriterOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    /// <summary>An object of JSON, on one line.</summary>
    public static string Json(Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            writer.WriteStartObject();
            members(writer);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    public static string Done(Action<Utf8JsonWriter> members) =>
        Json(json =>
        {
            json.WriteBoolean("ok", true);
            members(json);
        });

    /// <summary>The answer of one that was not; numbers that are not known are left out.</summary>
    public static string Refused(Refusal refusal, long? revision, Store? store) =>
        Json(json =>
        {
            json.WriteBoolean("ok", false);
            if (revision is { } number)
                json.WriteNumber("revision", number);
            json.WriteString("step", refusal.Step);
            if (refusal.Code.Length > 0)
                json.WriteString("code", refusal.Code);
            if (refusal.File.Length > 0)
                json.WriteString("file", refusal.File);
            json.WriteString("error", Shown(refusal.Message, ErrorLength));
            if (store is null)
                return;
            json.WriteNumber("running", store.Running);
            json.WriteNumber("confirmed", store.Confirmed);
            json.WriteNumber("highest", store.Highest);
        });

    /// <summary>
    /// A text fit for an answer: printable, not longer than so much, and without keys. Those never leave the machine, not even in a tool's
    /// complaint.
    /// </summary>
    public static string Shown(string text, int length)
    {
        var shown = new StringBuilder(Math.Min(text.Length, length) + 16);
        for (var at = 0; at < text.Length && shown.Length < length; at++)
        {
            if (IsKey(text, at))
            {
                shown.Append("(key)");
                at += 43;
            }
            else
            {
                shown.Append(text[at] is '\n' or '\t' or >= ' ' and <= '~' ? text[at] : '?');
            }
        }

        return shown.ToString(0, Math.Min(shown.Length, length));
    }

    /// <summary>Writes a line at once. Nobody may be there any more to read it.</summary>
    public static unsafe void Say(string line)
    {
        var bytes = Encoding.UTF8.GetBytes(line + "\n");
        fixed (byte* at = bytes)
        {
            for (nint written = 0, count; written < bytes.Length; written += count)
            {
                count = Libc.Write(1, at + written, bytes.Length - (int)written);
                if (count <= 0)
                    return;
            }
        }
    }

    /// <summary>To which step a change has come, so that people see where it is.</summary>
    public static void Progress(string step) => Say($$"""{"step":"{{step}}"}""");

    // 32 bytes in base64: 43 characters and "=".
    private static bool IsKey(string text, int at)
    {
        if (at + 43 >= text.Length || text[at + 43] != '=')
            return false;
        for (var i = at; i < at + 43; i++)
        {
            if (!char.IsAsciiLetterOrDigit(text[i]) && text[i] is not ('+' or '/'))
                return false;
        }

        return true;
    }
}
