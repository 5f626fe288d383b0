using Billing.Accounts;
using Billing.Api.Http;
using Billing.Writing;
using Microsoft.AspNetCore.Http;

namespace Billing.Api.Admin;

/// <summary>Decisions on the workspace that the route names.</summary>
internal static class AdminWork
{
    /// <summary>The route's account as it is now; null when there is none.</summary>
    public static async Task<Account?> AccountAsync(Call call) => Ids.IsWellFormed("ws", call.Route("id"))
        ? await call.Backend.Writer.ReadAsync(call.Route("id"), call.Cancellation).ConfigureAwait(false)
        : null;

    /// <summary>Decides, stores and answers, after the body was read without mistakes.</summary>
    public static async Task<IResult> DecideAsync<T, TView>(Call call, Work<T> work, Func<T, TView> view, int status = StatusCodes.Status200OK)
    {
        if (call.Body.Mistakes is { } mistakes)
        {
            return call.Refuse(mistakes);
        }

        return Ids.IsWellFormed("ws", call.Route("id"))
            ? await call.DecideAsync(call.Route("id"), work, value => new Reply(status, ApiJson.Write(view(value)))).ConfigureAwait(false)
            : call.Refuse(Refusal.NotFound("workspace"));
    }
}
