using System.Globalization;
using System.Text;

namespace Billing;

/// <summary>What text may be. Lengths count code points, so that no script gets less than another.</summary>
public static class TextRule
{
    /// <summary>What is wrong with a name or any other single line; null for nothing.</summary>
    public static string? MistakeInLine(string text, int longest) =>
        !string.IsNullOrWhiteSpace(text) && Length(text) <= longest && text.EnumerateRunes().All(IsVisible)
            ? null
            : $"must be one line of 1 to {longest} characters, not blank and none of them invisible";

    /// <summary>What is wrong with a name for programs, such as a template's id; null for nothing.</summary>
    public static string? MistakeInId(string text) =>
        MistakeInLine(text, 60) ?? (text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-') ? null : "must be made of letters, digits, '_' and '-'");

    /// <summary>What is wrong with text that a person wrote, in as many lines as they like; null for nothing.</summary>
    public static string? MistakeInProse(string text, int longest, int shortest = 1) =>
        Length(text) is var length && length >= shortest && length <= longest && text.Replace("\r\n", "\n", StringComparison.Ordinal).All(IsWritten)
            ? null
            : $"must be text of {shortest} to {longest} characters, none of them control characters other than line breaks and tabs";

    private static int Length(string text) => text.EnumerateRunes().Count();

    private static bool IsWritten(char character) => character is '\n' or '\t' || !char.IsControl(character);

    private static bool IsVisible(Rune rune) => Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.PrivateUse or UnicodeCategory.Surrogate or UnicodeCategory.OtherNotAssigned);
}
