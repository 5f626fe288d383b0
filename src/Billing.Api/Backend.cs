using Billing.Api.Callers;
using Billing.Api.Health;
using Billing.Api.Jobs;
using Billing.Api.Quotes;
using Billing.Api.Telemetry;
using Billing.Catalogs;
using Billing.Engine.Committing;
using Billing.Engine.Directories;
using Billing.Engine.Feed;
using Billing.Engine.Ports;
using Billing.Storage;

namespace Billing.Api;

/// <summary>Everything behind the API, made once.</summary>
public sealed record Backend
{
    /// <summary>State.</summary>
    public required ITableStore Store { get; init; }

    /// <summary>Changes accounts.</summary>
    public required WorkspaceWriter Writer { get; init; }

    /// <summary>Opens accounts.</summary>
    public required WorkspaceOpener Opener { get; init; }

    /// <summary>What is sold.</summary>
    public required CatalogSet Catalogs { get; init; }

    /// <summary>The OpenAPI document of what is sold; made when it is first asked for, as most instances never are.</summary>
    public required Lazy<string> Document { get; init; }

    /// <summary>Who signs in, and which workspaces they may use.</summary>
    public required AccountDirectory Accounts { get; init; }

    /// <summary>Lists of accounts.</summary>
    public required AccountIndex AccountIndex { get; init; }

    /// <summary>The seller's feed.</summary>
    public required FeedWriter Feed { get; init; }

    /// <summary>Who may use which workspace, as looked up lately.</summary>
    public required MembershipCache Memberships { get; init; }

    /// <summary>Which workspaces there are, as looked up lately.</summary>
    public required WorkspaceCache Workspaces { get; init; }

    /// <summary>Whose the seller's own ids are, as looked up lately.</summary>
    public required ExternalIdCache ExternalIds { get; init; }

    /// <summary>API keys.</summary>
    public required KeyDirectory Keys { get; init; }

    /// <summary>API keys as looked up lately.</summary>
    public required KeyCache KeyCache { get; init; }

    /// <summary>Tells who calls.</summary>
    public required Authentication Authentication { get; init; }

    /// <summary>Session tokens.</summary>
    public required Sessions Sessions { get; init; }

    /// <summary>Signed quotes.</summary>
    public required QuoteTokens Quotes { get; init; }

    /// <summary>Finds what is due.</summary>
    public required JobRunner Jobs { get; init; }

    /// <summary>Where workspaces lie.</summary>
    public required ShardMap Shards { get; init; }

    /// <summary>The shard of accounts, keys and the seller's ids.</summary>
    public required int DirectoryShard { get; init; }

    /// <summary>The queues' consuming side, for poison messages.</summary>
    public required QueueReceiver Receiver { get; init; }

    /// <summary>Tells whether storage answers.</summary>
    public required HealthChecks Health { get; init; }

    /// <summary>Counts what happens.</summary>
    public required BillingMetrics Metrics { get; init; }

    /// <summary>The one clock.</summary>
    public required TimeProvider Clock { get; init; }

    /// <summary>Randomness for ids, keys and secrets.</summary>
    public required Entropy Entropy { get; init; }

    /// <summary>Where customers reach this app; null where only a request tells.</summary>
    public required string? PublicUrl { get; init; }

    /// <summary>True on a developer's machine.</summary>
    public required bool Development { get; init; }
}

/// <summary>Fills a span with random bytes.</summary>
public delegate void Entropy(Span<byte> bytes);
