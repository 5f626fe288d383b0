using Billing.Api.Http;
using Billing.Keys;
using Microsoft.AspNetCore.Http;

namespace Billing.Api.Keys;

/// <summary><c>POST /api-keys</c>: a new key, shown once. Only its SHA-256 is stored, so it takes no Idempotency-Key: a stored answer would hold the key.</summary>
public static class CreateApiKey
{
    /// <summary>The endpoint.</summary>
    public static readonly ApiEndpoint Endpoint = new("CreateApiKey", "POST", Routes.ApiKeys, Access.Session, HandleAsync);

    private static async Task<IResult> HandleAsync(Call call)
    {
        var name = call.Body.RequiredText("name", 100);
        var environment = call.Body.Choice("environment", ["production", "test"]) == "test" ? KeyEnvironment.Test : KeyEnvironment.Production;
        if (call.Body.Mistakes is { } mistakes)
        {
            return call.Refuse(mistakes);
        }

        var text = KeyText.New(call.Caller.Product!, environment, call.Random(KeyText.RandomBytes));
        var key = new ApiKey
        {
            Id = text.KeyId,
            Hash = text.Hash,
            Masked = text.Masked,
            Name = name,
            Environment = environment,
            AccountId = call.Caller.AccountId!,
            HomeWorkspaceId = call.Caller.HomeWorkspaceId!,
            Product = call.Caller.Product!,
            CreatedAt = call.Now,
        };
        return await call.Backend.Keys.AddAsync(key, call.Cancellation).ConfigureAwait(false)
            ? JsonReply.Of(ApiKeyView.Of(key, text), StatusCodes.Status201Created)
            : call.Refuse(Refusal.Conflict($"The account has {KeyDirectory.MostKeys} keys; no more can be created."));
    }
}
