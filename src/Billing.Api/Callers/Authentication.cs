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
            return await CallerAsync(request, endpoint, cancellation).ConfigureAwait(false);
        }

        return endpoint.Recognises && (await CallerAsync(request, endpoint, cancellation).ConfigureAwait(false)).TryGet(out var known, out _) && !known.IsFormer ? known : Caller.Anyone;
    }

    private async Task<Outcome<Caller>> CallerAsync(HttpRequest request, ApiEndpoint endpoint, CancellationToken cancellation)
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
            return await ServiceAsync(request, endpoint, cancellation).ConfigureAwait(false);
        }

        if (request.Headers.ContainsKey("X-Api-Key"))
        {
            // Only the service passes keys on; its own key is wrong.
            return Unauthorized();
        }

        return ApiKeySecret.TryParse(credential, out var key)
            ? await KeyAsync(request, key, cancellation).ConfigureAwait(false)
            : await SessionAsync(credential, cancellation).ConfigureAwait(false);
    }

    private static string? BearerOf(HttpRequest request)
    {
        var header = request.Headers.Authorization;
        return header.Count == 1 && header[0] is { } text && text.Length <= LongestCredential && text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            ? text[Scheme.Length..].Trim()
            : null;
    }

    /// <summary>The refusal of a key that the service passed on.</summary>
    public static Refusal WrongCustomerKey() => new(RefusalCodes.Unauthorized, "The customer's key in X-Api-Key does not work.");

    private static Refusal Unauthorized() => new(RefusalCodes.Unauthorized, "The request needs a valid credential in the Authorization header.");

    // The service passes on whatever its customers send; one who guesses must not shut the door on the others.
    private async Task<Outcome<Caller>> ServiceAsync(HttpRequest request, ApiEndpoint endpoint, CancellationToken cancellation)
    {
        var header = request.Headers["X-Api-Key"];
        if (header.Count == 0)
        {
            return new Caller(Access.Service);
        }

        if (header.Count > 1 || !ApiKeySecret.TryParse(header[0], out var text))
        {
            return WrongCustomerKey();
        }

        if (await keys.FindAsync(text, cancellation).ConfigureAwait(false) is { } key)
        {
            return Caller.Of(Access.Service, key);
        }

        // What was begun for a key that works no longer is ended without it.
        return await keys.FindAnyAsync(text, cancellation).ConfigureAwait(false) is not { } former ? WrongCustomerKey()
            : endpoint.ServiceAlone ? new Caller(Access.Service) { TestMode = former.Environment == KeyEnvironment.Test }
            : Caller.Of(Access.Service, former) with { Key = null, IsFormer = true };
    }

    private async Task<Outcome<Caller>> KeyAsync(HttpRequest request, ApiKeySecret text, CancellationToken cancellation)
    {
        if (!keys.Knows(text) && !keys.HasWorked(text) && !guard.Allows(request))
        {
            return new Refusal(RefusalCodes.TooManyRequests, "Too many unknown keys came from this address; try again in a minute.") { RetryAt = guard.NextMinute };
        }

        if (await keys.FindAsync(text, cancellation).ConfigureAwait(false) is { } key)
        {
            return Caller.Of(Access.Key, key);
        }

        // A revoked key is known, too: it costs no look-up and is no guess.
        if (!keys.Knows(text))
        {
            guard.Miss(request);
        }

        return Unauthorized();
    }

    private async Task<Outcome<Caller>> SessionAsync(string token, CancellationToken cancellation) =>
        await sessions.FindAccountAsync(token).ConfigureAwait(false) is { } accountId
        && await accounts.FindAsync(accountId, cancellation).ConfigureAwait(false) is { } account
            ? new Caller(Access.Session) { AccountId = accountId, HomeWorkspaceId = account.WorkspaceId, Product = account.Product }
            : Unauthorized();
}
