using System.Globalization;

namespace ChatOps.Bot.Replies;

internal static class Sizes
{
    private static readonly string[] Units = ["B", "KiB", "MiB", "GiB", "TiB"];

    /// <summary>With three figures: <c>812 B</c>, <c>1.21 KiB</c>, <c>34.5 MiB</c>.</summary>
    public static string Of(double bytes)
    {
        var unit = 0;
        for (; bytes >= 1024 && unit < Units.Length - 1; unit++)
            bytes /= 1024;
        var format =
            unit == 0 || bytes >= 100 ? "0"
            : bytes >= 10 ? "0.0"
            : "0.00";
        return $"{bytes.ToString(format, CultureInfo.InvariantCulture)} {Units[unit]}";
    }
}
