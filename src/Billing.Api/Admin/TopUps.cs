using Billing.Api.Http;
using Billing.Engine.Committing;
using Billing.TopUps;
using Microsoft.AspNetCore.Http;

namespace Billing.Api.Admin;

/// <summary><c>POST /admin/workspaces/{id}/top-ups</c>: adds bought credits; the same payment reference counts once.</summary>
public static class CreateTopUp
{
    public const string Route = "api/v1/admin/workspaces/{id}/top-ups";

    public static readonly ApiEndpoint Endpoint = new("CreateTopUp", "POST", Route, Access.Operator, HandleAsync);

    private static Task<IResult> HandleAsync(ApiRequest request)
    {
        var command = new BuyCredits(request.Body.Credits("credits") ?? Credits.Zero, request.Body.Text("reference", 200) ?? "");
        var work = new Work<TopUp>((unit, catalog) => TopUpDecisions.Buy(unit, catalog, command))
        {
            Reads = Ids.IsWellFormed("ws", request.Route("id")) ? [TopUp.KeyOf(TopUp.IdOf(request.Route("id"), command.Reference))] : [],
        };
        return AdminWork.DecideAsync(request, work, TopUpView.Of, StatusCodes.Status201Created);
    }
}

/// <summary><c>POST /admin/workspaces/{id}/top-ups/{topUpId}/reverse</c>: a charge-back.</summary>
public static class ReverseTopUpEndpoint
{
    public const string Route = "api/v1/admin/workspaces/{id}/top-ups/{topUpId}/reverse";

    public static readonly ApiEndpoint Endpoint = new("ReverseTopUp", "POST", Route, Access.Operator, HandleAsync);

    private static async Task<IResult> HandleAsync(ApiRequest request)
    {
        var command = new ReverseTopUp(request.Route("topUpId"), request.Body.Prose("reason", 200) ?? "");
        if (request.Body.Refusal() is null && (!Ids.TryParse("top", command.TopUpId, out var workspaceId, out _) || workspaceId != request.Route("id")))
        {
            return request.Refuse(Refusal.NotFound("top-up"));
        }

        var work = new Work<TopUp>((unit, catalog) => TopUpDecisions.Reverse(unit, catalog, command)) { Reads = [TopUp.KeyOf(command.TopUpId)] };
        return await AdminWork.DecideAsync(request, work, TopUpView.Of).ConfigureAwait(false);
    }
}

/// <summary>A top-up as operators see it.</summary>
public sealed record TopUpView(string Id, Credits Credits, string Reference, DateTimeOffset CreatedAt, Reversal? Reversal)
{
    internal static TopUpView Of(TopUp topUp) => new(topUp.Id, topUp.Credits, topUp.Reference, topUp.CreatedAt, topUp.Reversal);
}
