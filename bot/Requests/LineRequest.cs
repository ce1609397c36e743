using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace ChatOps.Bot.Requests;

/// <summary>A line that a program sends: <c>POST /v1/lines</c>.</summary>
/// <param name="Line">The line, as it would be typed in the chat.</param>
/// <param name="Wait">True to hear how the change ends that the line has made or decided.</param>
/// <param name="Seconds">How long to wait for that at most; null for as long as it takes.</param>
/// <param name="Data">True for data instead of a text, where the answer has them: <c>audit</c> and <c>status</c>.</param>
public sealed record LineRequest(string? Line, bool Wait = false, int? Seconds = null, bool Data = false);

/// <summary>What comes back, a line of JSON each; the last one is of the kind <c>end</c>.</summary>
/// <param name="Event"><c>progress</c>, <c>message</c>, <c>private</c>, <c>file</c> or <c>end</c>.</param>
/// <param name="Text">What is to be read: of a <c>private</c> event the file's content, of <c>end</c> why it is no success.</param>
/// <param name="Diff">File diffs that belong to it.</param>
/// <param name="Bytes">A file's content, in base64.</param>
/// <param name="Result">What came of it, with <c>end</c>.</param>
public sealed record LineEvent(
    string Event,
    string? Text = null,
    string? Diff = null,
    string? Name = null,
    byte[]? Bytes = null,
    LineResult? Result = null
)
{
    /// <summary>How it is written.</summary>
    public static JsonSerializerOptions Json { get; } =
        new(JsonSerializerDefaults.Web)
        {
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,

            // No browser takes it for a page.
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        };
}

/// <summary>What came of a line. This is what <c>--json</c> prints.</summary>
/// <param name="By">The id of the person who is taken to have said it.</param>
/// <param name="IsTaken">False when it was refused.</param>
/// <param name="Code">0 for success; 1 when the line was refused, or the change that was waited for did not come about.</param>
/// <param name="Text">The answer in words, as it stands in the chat.</param>
/// <param name="Problem">Why it is no success.</param>
/// <param name="Change">The change that the line has made or decided.</param>
/// <param name="Data">The answer as data, where it was asked for.</param>
public sealed record LineResult(
    string Line,
    string By,
    bool IsTaken,
    int Code,
    string Text,
    string? Problem,
    ChangeResult? Change,
    JsonNode? Data
);

/// <summary>A change, as it stood when the answer ended.</summary>
/// <param name="State"><c>proposed</c>, <c>approved</c>, <c>stuck</c>, <c>applied</c>, <c>failed</c>, <c>denied</c>, <c>withdrawn</c>,
/// <c>expired</c>.</param>
/// <param name="Revision">The revision that it makes or has made; null as long as it has none.</param>
public sealed record ChangeResult(string Gateway, int Number, string State, long? Revision);
