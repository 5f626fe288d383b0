using Azure.Core;
using Billing.Engine.Ports;

namespace Billing.Storage;

/// <summary>Who we are to storage. Without a token nothing is sent, so a failure to get one is storage that cannot be reached, never an unknown outcome.</summary>
internal sealed class StorageIdentity(TokenCredential credential) : TokenCredential
{
    public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
        credential.GetToken(requestContext, cancellationToken);

    public override async ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken)
    {
        try
        {
            return await credential.GetTokenAsync(requestContext, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            throw new StorageUnavailableException("No token for storage.", failure);
        }
    }
}
