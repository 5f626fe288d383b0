namespace Billing.Writing;

/// <summary>Rules for ringing before a commit.</summary>
internal static class Doorbells
{
    /// <summary>How long a ring stays hidden when nobody reveals it: longer than any commit takes to be stored or given up.</summary>
    public static readonly TimeSpan Delay = TimeSpan.FromSeconds(60);

    /// <summary>Makes a ring visible; a failure costs time only.</summary>
    public static async Task RevealAsync(IDoorbell doorbell, Ring ring)
    {
        try
        {
            await doorbell.RevealAsync(ring, default).ConfigureAwait(false);
        }
        catch (StorageUnavailableException)
        {
            // It shows itself when its delay is over.
        }
    }
}
