using System.Collections.Immutable;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Billing.Accounts;
using Billing.Engine.Directories;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Billing.Api.Callers;

/// <summary>Session tokens: JWTs that say whose session they are, and work while its row is there. A sign-out takes effect here at once, elsewhere within 30 s.</summary>
public sealed class Sessions(ImmutableArray<string> signingKeys, SessionDirectory directory, TimeProvider clock, CacheTime time) : IDisposable
{
    private const string Issuer = "billing";
    private const string Audience = "customer";
    private static readonly TimeSpan KeptFor = TimeSpan.FromSeconds(25);
    private readonly JsonWebTokenHandler _tokens = new();
    private readonly MemoryCache _known = time.NewCache();
    private readonly ImmutableArray<SymmetricSecurityKey> _keys =
        [.. signingKeys.Select(key => new SymmetricSecurityKey(HKDF.DeriveKey(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(key), 32, info: Encoding.UTF8.GetBytes("session tokens"))))];

    /// <summary>Signs somebody in.</summary>
    /// <param name="accountId">Whose session it is.</param>
    /// <param name="session">Its row: of the account itself, or of one of its keys.</param>
    /// <param name="cancellation">Ends when the client gives up.</param>
    public async Task<(string Token, DateTimeOffset ExpiresAt)> BeginAsync(string accountId, Session session, CancellationToken cancellation)
    {
        await directory.BeginAsync(accountId, session, cancellation).ConfigureAwait(false);
        var expiresAt = DateTimeOffset.FromUnixTimeSeconds((session.CreatedAt + Session.Lifetime).ToUnixTimeSeconds());
        var token = _tokens.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = Issuer,
            Audience = Audience,
            IssuedAt = session.CreatedAt.UtcDateTime,
            NotBefore = session.CreatedAt.UtcDateTime,
            Expires = expiresAt.UtcDateTime,
            Claims = new Dictionary<string, object> { ["sub"] = accountId, ["jti"] = session.Id },
            SigningCredentials = new SigningCredentials(_keys[0], SecurityAlgorithms.HmacSha256),
        });
        return (token, expiresAt);
    }

    /// <summary>The session that a token names; null when it was not made here or has ended.</summary>
    public async Task<(string AccountId, Session Session)?> FindAsync(string token, CancellationToken cancellation)
    {
        var result = await _tokens.ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidIssuer = Issuer,
            ValidAudience = Audience,
            IssuerSigningKeys = _keys,
            ValidAlgorithms = [SecurityAlgorithms.HmacSha256],
            // Not from its beginning on: the clock of whoever made it may be ahead of this one.
            LifetimeValidator = (_, until, _, _) => clock.GetUtcNow().UtcDateTime < until,
        }).ConfigureAwait(false);
        return result.IsValid && Claim(result.ClaimsIdentity, "sub") is { } accountId && Claim(result.ClaimsIdentity, "jti") is { } id
            && await LookUpAsync(accountId, id, cancellation).ConfigureAwait(false) is { } session
            ? (accountId, session)
            : null;
    }

    /// <summary>Signs out.</summary>
    public async Task EndAsync(string accountId, string id, CancellationToken cancellation)
    {
        await directory.EndAsync(accountId, id, cancellation).ConfigureAwait(false);
        _known.Remove(id);
    }

    /// <summary>Signs an account out everywhere.</summary>
    public async Task EndAllAsync(string accountId, CancellationToken cancellation)
    {
        foreach (var id in await directory.EndAllAsync(accountId, cancellation).ConfigureAwait(false))
        {
            _known.Remove(id);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _known.Dispose();

    private static string? Claim(ClaimsIdentity claims, string name) => claims.FindFirst(name)?.Value;

    private async Task<Session?> LookUpAsync(string accountId, string id, CancellationToken cancellation)
    {
        if (_known.TryGetValue(id, out Session? known))
        {
            return known;
        }

        var session = await directory.FindAsync(accountId, id, cancellation).ConfigureAwait(false);
        return session is null ? null : _known.Set(id, session, new MemoryCacheEntryOptions { AbsoluteExpirationRelativeToNow = KeptFor, Size = 1 });
    }
}
