using Billing.Api.Admin;
using Billing.Api.Http;
using Billing.Keys;
using Microsoft.AspNetCore.Http;

namespace Billing.Api.Keys;

/// <summary><c>POST /api-keys</c>: a new key, shown once. Only its SHA-256 is stored, so it takes no Idempotency-Key: a stored answer would hold the key.</summary>
public static class CreateApiKey
{
    public const string Route = "api/v1/api-keys";

    public static readonly ApiEndpoint Endpoint = new("CreateApiKey", "POST", Route, Access.Session, HandleAsync) { ShowsSecret = true };

    private static async Task<IResult> HandleAsync(ApiRequest request)
    {
        var name = request.Body.Text("name", 100) ?? "";
        var environment = request.Body.OneOf("environment", ["production", "test"]) == "test" ? KeyEnvironment.Test : KeyEnvironment.Production;
        var expiresAt = request.Body.Instant("expires_at", required: false);
        var asked = request.Body.WorkspaceId();
        if (expiresAt <= request.Now)
        {
            request.Body.Reject("expires_at", "must be later than now");
        }

        if (request.Body.Refusal() is { } mistakes)
        {
            return request.Refuse(mistakes);
        }

        if (!(await request.WorkspaceAsync(asked).ConfigureAwait(false)).TryGet(out var workspaceId, out var stranger))
        {
            return request.Refuse(stranger);
        }

        var text = ApiKeySecret.New(request.Caller.Product!, environment, request.Random(ApiKeySecret.RandomBytes));
        var key = new ApiKey
        {
            Id = text.KeyId,
            Hash = text.Hash,
            Masked = text.Masked,
            Name = name,
            Environment = environment,
            AccountId = request.Caller.AccountId!,
            HomeWorkspaceId = workspaceId,
            Team = workspaceId == request.Caller.HomeWorkspaceId ? null : true,
            ExpiresAt = expiresAt,
            Product = request.Caller.Product!,
            CreatedAt = request.Now,
        };
        var added = await request.Backend.Keys.AddAsync(key, request.Caller.HomeWorkspaceId!, request.Cancellation).ConfigureAwait(false);
        if (await Members.HasLeftAsync(request, workspaceId).ConfigureAwait(false))
        {
            return request.Refuse(Refusal.NotFound("workspace"));
        }

        return added.TryGet(out _, out var refusal) ? JsonReply.Of(ApiKeyView.Of(key, text), StatusCodes.Status201Created) : request.Refuse(refusal);
    }
}
