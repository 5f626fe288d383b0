using System.Collections.Immutable;
using System.Net;
using Microsoft.Extensions.Configuration;

namespace Billing.Api;

/// <summary>What a deployment configures, read and checked once at start-up.</summary>
public sealed record BillingSettings
{
    /// <summary>Keys of the seller's generation service: <c>Billing:ServiceKeys:0</c> …</summary>
    public required ImmutableArray<string> ServiceKeys { get; init; }

    /// <summary>What binds a service key to products: <c>Billing:ServiceKeys:0:Products</c>, separated by commas or as a list. A key without it reaches all.</summary>
    public ImmutableDictionary<string, ProductBinding> ServiceKeyProducts { get; init; } = ImmutableDictionary<string, ProductBinding>.Empty;

    /// <summary>Keys of the seller's operators: <c>Billing:OperatorKeys:0</c> …</summary>
    public required ImmutableArray<string> OperatorKeys { get; init; }

    /// <summary>Sign sessions and quotes: <c>Billing:SigningKeys:0</c> … The first signs, all verify, so that the next can be made known before it signs.</summary>
    public required ImmutableArray<string> SigningKeys { get; init; }

    /// <summary>A folder of catalog files that takes the place of the shipped ones: <c>Billing:Catalogs</c>, absolute or from the app's folder.</summary>
    public string? CatalogFolder { get; init; }

    /// <summary>Where customers reach this app, for links in answers: <c>Billing:PublicUrl</c>; without it, whatever the request was sent to.</summary>
    public string? PublicUrl { get; init; }

    /// <summary>Proxies whose word on the client's address is taken, besides loopback: <c>Billing:TrustedProxies</c>, separated by commas or as a list.</summary>
    public ImmutableArray<IPNetwork> TrustedProxies { get; init; } = [];

    /// <summary>The header in which they say it: <c>Billing:ClientAddressHeader</c>.</summary>
    public string ClientAddressHeader { get; init; } = "X-Forwarded-For";

    /// <summary>Where the development clock stands still: <c>Billing:TestClock</c>.</summary>
    public DateTimeOffset? TestClock { get; init; }

    /// <summary>
    /// The storage accounts: <c>Billing:Shards:0</c> … by connection string or name; the first is <c>AzureWebJobsStorage</c> where it is not named. New
    /// workspaces are spread by <c>Billing:ShardWeights:0</c> …; the directory lies in <c>Billing:DirectoryShard</c>.
    /// </summary>
    public required ShardSettings Shards { get; init; }

    /// <summary>Put before each table's name, so that several backends share a storage account: <c>Billing:TablePrefix</c>. Letters and digits.</summary>
    public string TablePrefix { get; init; } = "";

    /// <summary>Put before each queue's name: <c>Billing:QueuePrefix</c>. Lower-case letters, digits and single dashes.</summary>
    public string QueuePrefix { get; init; } = "";

    /// <summary>True on a developer's machine.</summary>
    public required bool Development { get; init; }

    /// <summary>Reads and checks the configuration.</summary>
    /// <exception cref="SettingsException">Something is missing or wrong; the message says all that is.</exception>
    public static BillingSettings Read(IConfiguration configuration, bool development) => new SettingsReader(configuration, development).Read();

    /// <summary>Sees that every product that a key is bound to is sold.</summary>
    /// <exception cref="SettingsException">One is not: a key that should reach it would reach nothing.</exception>
    public void CheckProducts(ImmutableArray<string> sold)
    {
        ImmutableArray<string> mistakes = [.. ServiceKeyProducts.Values.OrderBy(bound => bound.Setting, StringComparer.Ordinal)
            .SelectMany(bound => bound.Products.Except(sold).Select(unknown => $"{bound.Setting} names the product '{unknown}', which is none of {string.Join(", ", sold)}."))];
        if (!mistakes.IsEmpty)
        {
            throw new SettingsException(mistakes);
        }
    }
}

/// <summary>The products that a service key is bound to.</summary>
/// <param name="Setting">The setting that says so, as an environment variable.</param>
/// <param name="Products">Their names.</param>
public sealed record ProductBinding(string Setting, ImmutableArray<string> Products);
