using System.Collections.Immutable;
using Billing.Api.Http;
using Billing.Catalogs;
using Billing.Engine.Committing;
using Billing.TopUps;
using Billing.Workspaces;
using Microsoft.AspNetCore.Http;

namespace Billing.Api.Admin;

/// <summary><c>POST /admin/workspaces/{id}/top-ups</c>: adds bought credits; the same payment reference counts once.</summary>
public static class CreateTopUp
{
    public const string Route = "api/v1/admin/workspaces/{id}/top-ups";

    public static readonly ApiEndpoint Endpoint = new("CreateTopUp", "POST", Route, Access.Operator, HandleAsync);

    private static Task<IResult> HandleAsync(ApiRequest request)
    {
        var command = new BuyCredits(request.Body.Credits("credits") ?? Credits.Zero, request.Body.Text("reference", 200) ?? "", request.Body.Money("paid", min: 0));
        var work = new Work<TopUp>((unit, catalog) => TopUpDecisions.Buy(unit, catalog, command))
        {
            Reads = Ids.IsWellFormed("ws", request.Route("id")) ? [TopUp.KeyOf(TopUp.IdOf(request.Route("id"), command.Reference))] : [],
        };
        return AdminWork.DecideAsync(request, work, TopUpView.Of, StatusCodes.Status201Created);
    }
}

/// <summary><c>POST /admin/workspaces/{id}/top-ups/{topUpId}/reverse</c>: a refund or charge-back, in whole or in part.</summary>
public static class ReverseTopUpEndpoint
{
    public const string Route = "api/v1/admin/workspaces/{id}/top-ups/{topUpId}/reverse";

    public static readonly ApiEndpoint Endpoint = new("ReverseTopUp", "POST", Route, Access.Operator, HandleAsync);

    private static async Task<IResult> HandleAsync(ApiRequest request)
    {
        var command = new ReverseTopUp(
            request.Route("topUpId"),
            request.Body.Prose("reason", 200) ?? "",
            request.Body.Text("reference", 200, required: false),
            request.Body.Credits("credits", required: false));
        return await KnownTopUp.DecideAsync(request, (unit, catalog) => TopUpDecisions.Reverse(unit, catalog, command)).ConfigureAwait(false);
    }
}

/// <summary><c>POST /admin/workspaces/{id}/top-ups/{topUpId}/reinstate</c>: the dispute of a reversal was won.</summary>
public static class ReinstateTopUpEndpoint
{
    public const string Route = "api/v1/admin/workspaces/{id}/top-ups/{topUpId}/reinstate";

    public static readonly ApiEndpoint Endpoint = new("ReinstateTopUp", "POST", Route, Access.Operator, HandleAsync);

    private static async Task<IResult> HandleAsync(ApiRequest request)
    {
        var command = new ReinstateTopUp(request.Route("topUpId"), request.Body.Text("reference", 200) ?? "");
        return await KnownTopUp.DecideAsync(request, (unit, _) => TopUpDecisions.Reinstate(unit, command)).ConfigureAwait(false);
    }
}

/// <summary>Decisions on the top-up that the route names.</summary>
internal static class KnownTopUp
{
    public static async Task<IResult> DecideAsync(ApiRequest request, Func<UnitOfWork, Catalog, Outcome<TopUp>> decide)
    {
        var id = request.Route("topUpId");
        if (request.Body.Refusal() is null && (!Ids.TryParse("top", id, out var workspaceId, out _) || workspaceId != request.Route("id")))
        {
            return request.Refuse(Refusal.NotFound("top-up"));
        }

        return await AdminWork.DecideAsync(request, new Work<TopUp>(decide) { Reads = [TopUp.KeyOf(id)] }, TopUpView.Of).ConfigureAwait(false);
    }
}

/// <summary>A top-up as operators see it, with all its reversals, oldest first.</summary>
/// <param name="Left">What no reversal has taken.</param>
public sealed record TopUpView(
    string Id, Credits Credits, string Reference, Money? Paid, string Source, DateTimeOffset CreatedAt, Credits Left, ImmutableArray<Reversal> Reversals)
{
    internal static TopUpView Of(TopUp topUp) =>
        new(topUp.Id, topUp.Credits, topUp.Reference, topUp.Paid, topUp.Source, topUp.CreatedAt, topUp.Left, topUp.Reversals);
}
