using Billing.Accounts;
using Billing.Api.Http;
using Billing.Writing;
using Microsoft.AspNetCore.Http;

namespace Billing.Api.Admin;

/// <summary><c>POST /admin/workspaces/{id}/top-ups</c>: adds bought credits; the same payment reference counts once.</summary>
public static class CreateTopUp
{
    /// <summary>The endpoint.</summary>
    public static readonly ApiEndpoint Endpoint = new("CreateTopUp", "POST", Routes.AdminTopUps, Access.Operator, HandleAsync);

    private static Task<IResult> HandleAsync(Call call)
    {
        var command = new BuyCredits(call.Body.RequiredCredits("credits"), call.Body.RequiredText("reference", 200));
        var work = new Work<TopUp>((draft, catalog) => TopUpDecisions.Buy(draft, catalog, command))
        {
            Reads = Ids.IsWellFormed("ws", call.Route("id")) ? [TopUp.KeyOf(TopUp.IdOf(call.Route("id"), command.Reference))] : [],
        };
        return AdminWork.DecideAsync(call, work, TopUpView.Of, StatusCodes.Status201Created);
    }
}

/// <summary><c>POST /admin/workspaces/{id}/top-ups/{topUpId}/reverse</c>: a charge-back.</summary>
public static class ReverseTopUpEndpoint
{
    /// <summary>The endpoint.</summary>
    public static readonly ApiEndpoint Endpoint = new("ReverseTopUp", "POST", Routes.AdminReversal, Access.Operator, HandleAsync);

    private static async Task<IResult> HandleAsync(Call call)
    {
        var command = new ReverseTopUp(call.Route("topUpId"), call.Body.RequiredText("reason", 200));
        if (call.Body.Mistakes is null && (!Ids.TryParse("top", command.TopUpId, out var workspaceId, out _) || workspaceId != call.Route("id")))
        {
            return call.Refuse(Refusal.NotFound("top-up"));
        }

        var work = new Work<TopUp>((draft, catalog) => TopUpDecisions.Reverse(draft, catalog, command)) { Reads = [TopUp.KeyOf(command.TopUpId)] };
        return await AdminWork.DecideAsync(call, work, TopUpView.Of).ConfigureAwait(false);
    }
}

/// <summary>A top-up as operators see it.</summary>
public sealed record TopUpView(string Id, Credits Credits, string Reference, DateTimeOffset CreatedAt, Reversal? Reversal)
{
    internal static TopUpView Of(TopUp topUp) => new(topUp.Id, topUp.Credits, topUp.Reference, topUp.CreatedAt, topUp.Reversal);
}
