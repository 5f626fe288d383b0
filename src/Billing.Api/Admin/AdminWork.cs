using Billing.Api.Http;
using Billing.Engine.Committing;
using Billing.Workspaces;
using Microsoft.AspNetCore.Http;

namespace Billing.Api.Admin;

/// <summary>Decisions on the workspace that the route names.</summary>
internal static class AdminWork
{
    /// <summary>The route's account as it is now; null when there is none.</summary>
    public static async Task<Workspace?> AccountAsync(ApiRequest request) => Ids.IsWellFormed("ws", request.Route("id"))
        ? await request.Backend.Writer.ReadAsync(request.Route("id"), request.Cancellation).ConfigureAwait(false)
        : null;

    /// <summary>Decides, stores and answers, after the body was read without mistakes.</summary>
    public static async Task<IResult> DecideAsync<T, TView>(ApiRequest request, Work<T> work, Func<T, TView> view, int status = StatusCodes.Status200OK)
    {
        if (request.Body.Refusal() is { } mistakes)
        {
            return request.Refuse(mistakes);
        }

        return Ids.IsWellFormed("ws", request.Route("id"))
            ? await request.DecideAsync(request.Route("id"), work, value => new Reply(status, ApiJson.Write(view(value)))).ConfigureAwait(false)
            : request.Refuse(Refusal.NotFound("workspace"));
    }

    /// <summary>The same for what lists tell of the workspace's account.</summary>
    public static async Task<IResult> DecideListedAsync<T, TView>(ApiRequest request, Work<T> work, Func<T, TView> view)
    {
        var result = await DecideAsync(request, work, view).ConfigureAwait(false);
        if (result is JsonReply { Refusal: null })
        {
            await AccountCall.ListAnewAsync(request, request.Route("id")).ConfigureAwait(false);
        }

        return result;
    }
}
