using System.Globalization;
using System.Text;

namespace ChatOps.Verify;

/// <summary>
/// A text for a terminal. What is checked may be forged, and what is in it must not move the cursor, change colours or turn the line round:
/// all that is no visible character is written as its number.
/// </summary>
internal static class Shown
{
    public static string Of(string text)
    {
        var shown = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (IsVisible(rune))
                shown.Append(rune.ToString());
            else
                shown.Append(CultureInfo.InvariantCulture, $"\\u{{{rune.Value:x}}}");
        }

        return shown.ToString();
    }

    private static bool IsVisible(Rune rune) =>
        Rune.GetUnicodeCategory(rune)
            is not (
                UnicodeCategory.Control
                or UnicodeCategory.Format
                or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator
                or UnicodeCategory.PrivateUse
                or UnicodeCategory.OtherNotAssigned
            );
}
