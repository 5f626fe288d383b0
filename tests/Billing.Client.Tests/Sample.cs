using Billing.Client;

namespace Sample;

/// <summary>Takes orders for images. The README of Billing.Client shows this file.</summary>
public sealed class ImageOrders(BillingClient billing, Func<Generation, Task<int>> makeImages, Action<string> show)
{
    public static BillingClient Connect(Uri backend, string serviceKey) => new(new HttpClient { BaseAddress = backend }, serviceKey);

    public async Task TakeAsync(string customerKey, string orderId)
    {
        var request = new GenerationRequest { Parameters = { ["size"] = "4K", ["variant_count"] = 3 } };
        switch (await billing.AdmitAsync(customerKey, request, idempotencyKey: orderId))
        {
            case Admission.Admitted { Generation: var generation }:
                var made = await makeImages(generation);
                await billing.CompleteAsync(generation.Id, succeededUnits: made);
                show($"{made} of 3 images are ready.");
                break;
            case Admission.Refused { Problem: { Code: ProblemCodes.InsufficientCredits, Data: { } help } }:
                show($"That costs {help.Required} credits, and {help.Available} are left. Buy more at {help.ActionUrl}.");
                break;
            case Admission.Refused { Problem: var problem }:
                show(problem.Detail);
                break;
        }
    }
}
