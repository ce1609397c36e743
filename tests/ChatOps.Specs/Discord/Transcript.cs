using System.Text.Encodings.Web;
using System.Text.Json;

namespace ChatOps.Specs.Discord;

/// <summary>JSON as people read it in a snapshot.</summary>
internal static class Transcript
{
    public static JsonSerializerOptions Options { get; } =
        new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
