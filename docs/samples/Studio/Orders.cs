using Billing.Client;

namespace Studio;

/// <summary>What a user orders.</summary>
/// <param name="Id">The order's own id, the browser's or the database's: the same order again is charged once.</param>
/// <param name="Variants">How many images.</param>
/// <param name="Generator"><c>quick</c>, <c>slow</c> or <c>failing</c>.</param>
public sealed record Order(string Id, int Variants = 1, string Generator = "quick");

/// <summary>What became of an order.</summary>
/// <param name="Images">How many were delivered.</param>
/// <param name="Message">For the user.</param>
/// <param name="BuyAt">Where credits are bought, when they are what is missing.</param>
public sealed record Delivery(int Images, string Message, string? BuyAt = null);

/// <summary>Takes orders: <see cref="IBillingClient.RunAsync"/> charges, keeps the generation alive while it is made, and gives back what was not delivered.</summary>
public sealed class Orders(IBillingClient billing, ImageGenerator generator)
{
    public async Task<Delivery> TakeAsync(string userId, Order order, CancellationToken cancellation)
    {
        var customer = Customer.OfExternalId(userId).OrCreate(new NewCustomer("bloom"));
        var request = new GenerationRequest { Parameters = { ["size"] = "2K", ["variant_count"] = order.Variants } };
        var run = await billing.RunAsync(
            customer,
            request,
            (_, stop) => generator.MakeAsync(order, stop),
            idempotencyKey: order.Id,
            cancellation);
        return run switch
        {
            Run.Completed { Generation: var made } => new Delivery((int)(made.SucceededUnits ?? 0), $"Done: {made.SucceededUnits} of {made.Units}."),
            Run.AlreadySettled => new Delivery(0, "This order was taken before."),
            Run.Refused { Problem: { Code: ProblemCodes.InsufficientCredits } problem } => new Delivery(0, problem.Detail, "/#buy"),
            Run.Refused { Problem: var problem } => new Delivery(0, problem.Detail),
            _ => new Delivery(0, "That did not work, and costs nothing."),
        };
    }
}

/// <summary>Makes images, as far as a sample can.</summary>
public sealed class ImageGenerator
{
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(30);

    public async Task<WorkOutcome> MakeAsync(Order order, CancellationToken cancellation)
    {
        await Task.Delay(order.Generator == "slow" ? Slow : TimeSpan.Zero, cancellation);
        return order.Generator == "failing" ? WorkOutcome.Failed("rendering_error") : WorkOutcome.Completed(order.Variants);
    }
}
