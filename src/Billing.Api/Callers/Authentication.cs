using Billing.Api.Http;
using Billing.Engine.Directories;
using Billing.Keys;
using Microsoft.AspNetCore.Http;

namespace Billing.Api.Callers;

/// <summary>Tells who calls, by the credentials of a request.</summary>
public sealed class Authentication(
    SellerKeys sellerKeys, Sessions sessions, KeyCache keys, WorkspaceCache workspaces, ExternalIdCache externalIds, AccountDirectory accounts, KeyGuessLimiter guard, MinuteCounts floods)
{
    private const string Scheme = "Bearer ";
    private const int MostOfSessionsPerMinute = 600;
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

        if (sellerKeys.FindService(credential) is { } reach)
        {
            return await ServiceAsync(new Caller(Access.Service) { Reach = reach }, request, endpoint, cancellation).ConfigureAwait(false);
        }

        if (NamedCustomer.HeaderIn(request) is { } header)
        {
            return new Refusal(RefusalCodes.Unauthorized, $"{header} goes with a service key in the Authorization header.");
        }

        if (sellerKeys.IsOperator(credential))
        {
            return new Caller(Access.Operator);
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

    private async Task<Outcome<Caller>> ServiceAsync(Caller service, HttpRequest request, ApiEndpoint endpoint, CancellationToken cancellation)
    {
        if (!NamedCustomer.Read(request).TryGet(out var named, out var mistake))
        {
            return mistake;
        }

        return named.Key is { } key ? await PassedOnAsync(service, key, named.TestMode, endpoint, cancellation).ConfigureAwait(false)
            : named.WorkspaceId is { } workspaceId ? await WorkspaceAsync(service, workspaceId, named.TestMode == true, cancellation).ConfigureAwait(false)
            : named.ExternalId is not null ? await ExternalAsync(service, named, endpoint, cancellation).ConfigureAwait(false)
            : service;
    }

    // The service passes on whatever its customers send; one who guesses must not shut the door on the others.
    private async Task<Outcome<Caller>> PassedOnAsync(Caller service, string sent, bool? testMode, ApiEndpoint endpoint, CancellationToken cancellation)
    {
        if (!ApiKeySecret.TryParse(sent, out var text) || await keys.FindAnyAsync(text, cancellation).ConfigureAwait(false) is not { } key)
        {
            return WrongCustomerKey();
        }

        if (!service.Reach.Includes(key.Product))
        {
            return Refusal.NotFound("customer");
        }

        var named = Caller.Of(Access.Service, key) with { Reach = service.Reach };
        if (testMode is not null && testMode != named.TestMode)
        {
            return Refusal.Invalid(NamedCustomer.TestHeader, $"contradicts {NamedCustomer.KeyHeader}, which is a {(named.TestMode ? "test" : "live")} key");
        }

        // What was begun for a key that works no longer is ended without it.
        return await keys.UseAsync(key, cancellation).ConfigureAwait(false) ? named
            : endpoint.ServiceAlone ? service with { TestMode = named.TestMode }
            : named with { Key = null, IsFormer = true };
    }

    private async Task<Outcome<Caller>> WorkspaceAsync(Caller service, string workspaceId, bool testMode, CancellationToken cancellation) =>
        await workspaces.ProductOfAsync(workspaceId, cancellation).ConfigureAwait(false) is { } product && service.Reach.Includes(product)
            ? service with { HomeWorkspaceId = workspaceId, Product = product, TestMode = testMode, IsWorkspace = true }
            : Refusal.NotFound("workspace");

    private async Task<Outcome<Caller>> ExternalAsync(Caller service, NamedCustomer named, ApiEndpoint endpoint, CancellationToken cancellation)
    {
        var links = await externalIds.FindAsync(named.ExternalId!, named.Product, cancellation).ConfigureAwait(false);
        var candidates = new AccountCandidates(named.Product, links);
        var caller = service with { ExternalId = named.ExternalId, TestMode = named.TestMode == true };
        return endpoint.OpensAccounts ? caller with { Candidates = candidates } : candidates.Choose(caller);
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

    private async Task<Outcome<Caller>> SessionAsync(string token, CancellationToken cancellation)
    {
        if (await sessions.FindAsync(token, cancellation).ConfigureAwait(false) is not var (accountId, session))
        {
            return Unauthorized();
        }

        // No plan limits what a person does in a page; what no person does is held off.
        if (floods.Add(accountId) > MostOfSessionsPerMinute)
        {
            return new Refusal(RefusalCodes.TooManyRequests, $"A session takes {MostOfSessionsPerMinute} requests a minute.") { RetryAt = floods.NextMinute };
        }

        if (session.KeyId is { } keyId)
        {
            return await keys.FindAsync(keyId, cancellation).ConfigureAwait(false) is { } key ? Caller.Of(Access.KeySession, key) with { Key = null, SessionId = session.Id } : Unauthorized();
        }

        return await accounts.FindAsync(accountId, cancellation).ConfigureAwait(false) is { ClosedAt: null } account
            ? new Caller(Access.Session) { AccountId = accountId, HomeWorkspaceId = account.WorkspaceId, Product = account.Product, SessionId = session.Id }
            : Unauthorized();
    }
}
