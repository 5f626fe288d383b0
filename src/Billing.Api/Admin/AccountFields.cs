using Billing.Reading;

namespace Billing.Api.Admin;

/// <summary>What may be said of an account, wherever it is said.</summary>
internal static class AccountFields
{
    public const int LongestExternalId = 200;
    private const int LongestName = 200;
    private const int LongestEmail = 320;
    private const int LongestPlan = 50;

    public static string? AccountName(this ObjectReader body, bool required = true) => body.Text("name", LongestName, required);

    public static string? Email(this ObjectReader body, bool required = true) => body.Text("email", LongestEmail, required);

    public static string? ExternalId(this ObjectReader body, bool required = false) => body.Text("external_id", LongestExternalId, required);

    public static string? Plan(this ObjectReader body) => body.Text("plan", LongestPlan, required: false);

    /// <summary>True of what an account can have as the seller's own id.</summary>
    public static bool IsExternalId(string text) => TextRule.MistakeInLine(text, LongestExternalId) is null;
}
