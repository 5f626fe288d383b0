using System.Collections.Immutable;
using Billing.Engine.Directories;
using Billing.Engine.Due;
using Billing.Events;

namespace Billing.Engine.Feed;

/// <summary>
/// Repeats a workspace's events in the seller's feed. A message names the newest event of a commit; how far the feed is stands in the feed itself, in the
/// transaction that appends. So each event is in it once, in its workspace's order, however often and by however many it is tried; what a lost message leaves
/// out comes with the workspace's next event, or with the night's audit.
/// </summary>
public sealed class FeedConsumer(JobPorts ports) : IConsumer
{
    // A commit seldom tells more.
    private const int Usual = 4;

    private static readonly ImmutableArray<string> ChangesLists =
        [EventTypes.AccountCreated, EventTypes.SubscriptionChanged, EventTypes.SubscriptionEnded, EventTypes.SubscriptionPaused, EventTypes.SubscriptionResumed];

    private readonly FeedWriter _feed = new(ports);
    private readonly AccountIndex _index = new(ports.Store, new AccountDirectory(ports.Store));

    public string Queue => Queues.SellerEvents;

    public async Task<Consumption> ConsumeAsync(string message, CancellationToken cancellation)
    {
        if (!Ids.TryParse("evt", message, out var workspaceId, out var key) || Ids.NumberOf(key) is not { } sequence)
        {
            return Consumption.Parked("it names no event");
        }

        var appended = await _feed.AppendAsync(workspaceId, Math.Max(0, sequence - Usual), cancellation).ConfigureAwait(false);
        if (appended.Owner?.AccountId is { } accountId && appended.Types.Any(ChangesLists.Contains))
        {
            await _index.RefreshAsync(accountId, cancellation).ConfigureAwait(false);
        }

        return appended.Last < sequence ? Consumption.Dropped("there is no such event") : Consumption.Done;
    }
}
