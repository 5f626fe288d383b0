using System.Net;
using System.Net.Sockets;
using Billing.Webhooks;

namespace Billing.Api.Webhooks;

/// <summary>Looks a name up.</summary>
public delegate Task<IPAddress[]> ResolveName(string host, CancellationToken cancellation);

/// <summary>
/// Opens connections to customers' hosts. The name is resolved once, each address is checked, and exactly a checked address is connected to: what the
/// name resolves to a moment later does not matter.
/// </summary>
/// <param name="resolve">Looks names up.</param>
/// <param name="loopback">True on a developer's machine, where receivers are on loopback.</param>
public sealed class GuardedConnections(ResolveName resolve, bool loopback)
{
    private const int MostAddresses = 8;
    private static readonly TimeSpan LongestForOne = TimeSpan.FromSeconds(5);

    /// <summary>A connection to a host that may be reached.</summary>
    /// <exception cref="BlockedAddressException">The host has no address that may be reached.</exception>
    /// <exception cref="SocketException">It has, but none of them answers.</exception>
    public async ValueTask<Stream> ConnectAsync(DnsEndPoint endpoint, CancellationToken cancellation)
    {
        Exception failure = new BlockedAddressException();
        var addresses = await AddressesAsync(endpoint.Host, cancellation).ConfigureAwait(false);
        foreach (var address in addresses.Where(address => BlockedAddresses.MayReach(address, loopback)).Take(MostAddresses))
        {
            // One that does not answer must not take the time of the next.
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            limit.CancelAfter(LongestForOne);
            try
            {
                return await ConnectAsync(new IPEndPoint(address, endpoint.Port), limit.Token).ConfigureAwait(false);
            }
            catch (SocketException exception)
            {
                failure = exception;
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                failure = new SocketException((int)SocketError.TimedOut);
            }
        }

        throw failure;
    }

    private static async Task<Stream> ConnectAsync(IPEndPoint endpoint, CancellationToken cancellation)
    {
        var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(endpoint, cancellation).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task<IPAddress[]> AddressesAsync(string host, CancellationToken cancellation) =>
        IPAddress.TryParse(host, out var literal) ? [literal] : await resolve(host, cancellation).ConfigureAwait(false);
}

/// <summary>A host has no address that a webhook may be delivered to.</summary>
public sealed class BlockedAddressException() : IOException("The host has no public address.");
