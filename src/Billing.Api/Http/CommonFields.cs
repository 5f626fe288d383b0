using Billing.Reading;

namespace Billing.Api.Http;

/// <summary>Fields that several endpoints have.</summary>
internal static class CommonFields
{
    /// <summary>The workspace that is meant, as either spelling; null for the caller's own.</summary>
    public static string? WorkspaceId(this ObjectReader body) =>
        body.Text(body.Spelling("workspace_id", "workspaceId"), 500, required: false);
}
