using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Billing.Api.Callers;

/// <summary>Session tokens: JWTs that say which account's dashboard this is. Signed, expiring, kept nowhere.</summary>
public sealed class Sessions(ImmutableArray<string> signingKeys, TimeProvider clock)
{
    /// <summary>How long a token works.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(12);

    private const string Issuer = "billing";
    private const string Audience = "customer";
    private readonly JsonWebTokenHandler _tokens = new();
    private readonly ImmutableArray<SymmetricSecurityKey> _keys =
        [.. signingKeys.Select(key => new SymmetricSecurityKey(HKDF.DeriveKey(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(key), 32, info: Encoding.UTF8.GetBytes("session tokens"))))];

    /// <summary>A token for an account.</summary>
    public (string Token, DateTimeOffset ExpiresAt) Create(string accountId)
    {
        var now = clock.GetUtcNow();
        var expiresAt = DateTimeOffset.FromUnixTimeSeconds((now + Lifetime).ToUnixTimeSeconds());
        var token = _tokens.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = Issuer,
            Audience = Audience,
            IssuedAt = now.UtcDateTime,
            NotBefore = now.UtcDateTime,
            Expires = expiresAt.UtcDateTime,
            Claims = new Dictionary<string, object> { ["sub"] = accountId },
            SigningCredentials = new SigningCredentials(_keys[0], SecurityAlgorithms.HmacSha256),
        });
        return (token, expiresAt);
    }

    /// <summary>The account that a token was made for; null when it was not made here or no longer works.</summary>
    public async Task<string?> FindAccountAsync(string token)
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
        return result.IsValid ? result.ClaimsIdentity.FindFirst("sub")?.Value : null;
    }
}
