using System.Text.Json.Nodes;

namespace Billing.Client.Tests.Agreement;

/// <summary>A customer of a case's own.</summary>
public sealed record Buyer(string AccountId, string WorkspaceId, string Key, string ExternalId)
{
    public static implicit operator Customer(Buyer buyer) => Customer.OfKey(buyer.Key);
}

/// <summary>A backend for the cases that both must pass: the fake, or a running Host.</summary>
public abstract class Stage : IAsyncLifetime
{
    private int _buyers;

    public abstract IBillingClient Client { get; }

    public abstract IBillingOperator Operator { get; }

    public abstract DateTimeOffset Now { get; }

    public abstract Task InitializeAsync();

    public abstract Task DisposeAsync();

    /// <summary>Moves the clock and has what is due done.</summary>
    public abstract Task AdvanceAsync(TimeSpan time);

    /// <summary>Looks at what queues bring about.</summary>
    public abstract Task<T> SeeAsync<T>(Func<Task<T>> look, Func<T, bool> holds);

    public abstract Task<string> KeyAsync(string accountId, bool testMode = false);

    public async Task<Buyer> BuyerAsync(string product, string? plan = null, decimal? credits = null)
    {
        var externalId = $"user {Interlocked.Increment(ref _buyers)}/ä";
        var account = await Operator.CreateAccountAsync(new NewAccount(product, "Ada", "ada@example.com") { Plan = plan, Credits = credits, ExternalId = externalId });
        return new Buyer(account.AccountId, account.WorkspaceId, await KeyAsync(account.AccountId), externalId);
    }

    public static GenerationRequest Images(int variants, string size = "4K") => Of("size", size, "variant_count", variants);

    /// <summary>A video of 2 credits.</summary>
    public static GenerationRequest Video() => Of("template_id", "consumerclub-discord-zoomed", "complexity", "basic");

    public static GenerationRequest Image() => Of("template", "basic");

    public static GenerationRequest Of(params object[] fields)
    {
        var request = new GenerationRequest();
        foreach (var pair in fields.Chunk(2))
        {
            request.Parameters[(string)pair[0]] = pair[1] is int number ? JsonValue.Create(number) : JsonValue.Create((string)pair[1]);
        }

        return request;
    }
}
