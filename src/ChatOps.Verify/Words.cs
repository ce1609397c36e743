using System.Globalization;

namespace ChatOps.Verify;

/// <summary>Numbers of things as people read them; this program shares no code with the others.</summary>
internal static class Words
{
    /// <summary><c>1 record</c>, <c>2 records</c>.</summary>
    public static string Records(long number) => Of(number, "record");

    /// <summary><c>1 checkpoint</c>, <c>2 checkpoints</c>.</summary>
    public static string Checkpoints(long number) => Of(number, "checkpoint");

    /// <summary><c>1 byte</c>, <c>2 bytes</c>.</summary>
    public static string Bytes(long number) => Of(number, "byte");

    /// <summary>That records, from one number to another, are others than those that were signed.</summary>
    public static string NotSigned(long first, long last) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{(first == last ? $"record {last} is not the one that was" : $"records {first} to {last} are not those that were")} signed"
        );

    private static string Of(long number, string noun) =>
        string.Create(CultureInfo.InvariantCulture, $"{number} {noun}{(number == 1 ? "" : "s")}");
}
