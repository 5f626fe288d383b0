using Billing.Api.Http;
using Billing.Engine.Directories;
using Billing.Keys;
using Microsoft.AspNetCore.Http;

namespace Billing.Api.Callers;

/// <summary>Tells who calls, by the credentials of a request.</summary>
public sealed class Authentication(Secrets serviceKeys, Secrets operatorKeys, Sessions sessions, KeyCache keys, AccountDirectory accounts, KeyGuessLimiter guard)
{
    private const string Scheme = "Bearer ";
    private const int LongestCredential = 4_096;

    /// <summary>The caller; a refusal without hints when the credentials do not hold.</summary>
    public async Task<Outcome<Caller>> AuthenticateAsync(HttpRequest request, ApiEndpoint endpoint, CancellationToken cancellation)
    {
        if (endpoint.Access != Access.Anyone)
        {
            return await AuthenticateAsync(request, cancellation).ConfigureAwait(false);
        }

        return endpoint.Recognises && (await AuthenticateAsync(request, cancellation).ConfigureAwait(false)).TryGet(out var known, out _) ? known : Caller.Anyone;
    }

    private async Task<Outcome<Caller>> AuthenticateAsync(HttpRequest request, CancellationToken cancellation)
    {
        if (BearerOf(request) is not { } credential)
        {
            return Unauthorized();
        }

        if (operatorKeys.Contains(credential))
        {
            return new Caller(Access.Operator);
        }

        if (serviceKeys.Contains(credential))
        {
            return await ServiceAsync(request, cancellation).ConfigureAwait(false);
        }

        if (request.Headers.ContainsKey("X-Api-Key"))
        {
            // Only the service passes keys on; its own key is wrong.
            return Unauthorized();
        }

        return ApiKeySecret.TryParse(credential, out var key)
            ? await KeyAsync(request, key, Access.Key, cancellation).ConfigureAwait(false)
            : await SessionAsync(credential, cancellation).ConfigureAwait(false);
    }

    private static string? BearerOf(HttpRequest request)
    {
        var header = request.Headers.Authorization;
        return header.Count == 1 && header[0] is { } text && text.Length <= LongestCredential && text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            ? text[Scheme.Length..].Trim()
            : null;
    }

    private static Refusal WrongCustomerKey() => new(RefusalCodes.Unauthorized, "The customer's key in X-Api-Key does not work.");

    private static Refusal Unauthorized() => new(RefusalCodes.Unauthorized, "The request needs a valid credential in the Authorization header.");

    private async Task<Outcome<Caller>> ServiceAsync(HttpRequest request, CancellationToken cancellation)
    {
        var header = request.Headers["X-Api-Key"];
        if (header.Count == 0)
        {
            return new Caller(Access.Service);
        }

        return header.Count == 1 && ApiKeySecret.TryParse(header[0], out var key)
            ? await KeyAsync(request, key, Access.Service, cancellation).ConfigureAwait(false)
            : WrongCustomerKey();
    }

    private async Task<Outcome<Caller>> KeyAsync(HttpRequest request, ApiKeySecret text, Access kind, CancellationToken cancellation)
    {
        // The service passes on whatever its customers send; one who guesses must not shut the door on the others.
        var direct = kind == Access.Key;
        if (direct && !keys.Knows(text) && !keys.HasWorked(text) && !guard.Allows(request))
        {
            return new Refusal(RefusalCodes.TooManyRequests, "Too many unknown keys came from this address; try again in a minute.") { RetryAt = guard.NextMinute };
        }

        if (await keys.FindAsync(text, cancellation).ConfigureAwait(false) is { } key)
        {
            return new Caller(kind) { AccountId = key.AccountId, HomeWorkspaceId = key.HomeWorkspaceId, Product = key.Product, Key = key };
        }

        // A revoked key is known, too: it costs no look-up and is no guess.
        if (direct && !keys.Knows(text))
        {
            guard.Miss(request);
        }

        return direct ? Unauthorized() : WrongCustomerKey();
    }

    private async Task<Outcome<Caller>> SessionAsync(string token, CancellationToken cancellation) =>
        await sessions.FindAccountAsync(token).ConfigureAwait(false) is { } accountId
        && await accounts.FindAsync(accountId, cancellation).ConfigureAwait(false) is { } account
            ? new Caller(Access.Session) { AccountId = accountId, HomeWorkspaceId = account.WorkspaceId, Product = account.Product }
            : Unauthorized();
}
