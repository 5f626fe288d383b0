using Billing.Api.Http;
using Billing.Engine.Directories;
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
        if (request.Body.Refusal() is { } mistakes)
        {
            return request.Refuse(mistakes);
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
            HomeWorkspaceId = request.Caller.HomeWorkspaceId!,
            Product = request.Caller.Product!,
            CreatedAt = request.Now,
        };
        return await request.Backend.Keys.AddAsync(key, request.Cancellation).ConfigureAwait(false)
            ? JsonReply.Of(ApiKeyView.Of(key, text), StatusCodes.Status201Created)
            : request.Refuse(Refusal.Conflict($"The account has {KeyDirectory.MostKeys} keys; no more can be created."));
    }
}
