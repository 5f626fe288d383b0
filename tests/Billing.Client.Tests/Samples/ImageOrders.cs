using Billing.Client;

namespace Sample;

/// <summary>Takes orders for images from whoever is signed in to the seller's own site.</summary>
public sealed class ImageOrders(IBillingClient billing, Func<Generation, CancellationToken, Task<int>> makeImages, Action<string> show)
{
    public async Task TakeAsync(string userId, string orderId, CancellationToken cancellation = default)
    {
        var customer = Customer.OfExternalId(userId).OrCreate(new NewCustomer("bloom"));
        var request = new GenerationRequest { Parameters = { ["size"] = "4K", ["variant_count"] = 3 } };
        var run = await billing.RunAsync(customer, request, MakeAsync, idempotencyKey: orderId, cancellation);
        show(run switch
        {
            Run.Completed { Generation: var made } => $"{made.SucceededUnits} of {made.Units} images are ready.",
            Run.AlreadySettled => "This order was taken before.",
            Run.Refused { Problem: { Code: ProblemCodes.InsufficientCredits, Data: { } help } } =>
                $"That costs {help.Required} credits, and {help.Available} are left. Buy more at {help.ActionUrl}.",
            Run.Refused { Problem: var problem } => problem.Detail,
            _ => "That did not work, and costs nothing.",
        });
    }

    private async Task<WorkOutcome> MakeAsync(Generation generation, CancellationToken cancellation) =>
        WorkOutcome.Completed(succeededUnits: await makeImages(generation, cancellation));
}
