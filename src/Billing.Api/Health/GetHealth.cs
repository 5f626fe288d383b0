using Billing.Api.Http;
using Microsoft.AspNetCore.Http;

namespace Billing.Api.Health;

/// <summary><c>GET /health</c>: 200 when storage answers, else 503, either within seconds.</summary>
public static class GetHealth
{
    /// <summary>The endpoint.</summary>
    public static readonly ApiEndpoint Endpoint = new("GetHealth", "GET", Routes.Health, Access.Anyone, HandleAsync);

    private static async Task<IResult> HandleAsync(Call call)
    {
        var checks = await call.Backend.Health.RunAsync(call.Cancellation).ConfigureAwait(false);
        if (checks.All(check => check.Status == CheckStatus.Ok))
        {
            return JsonReply.Of(new HealthView("ok", "ok", call.Now, Build.Version, Build.Commit, checks));
        }

        var failed = checks.Where(check => check.Status == CheckStatus.Failed).Select(check => check.Name);
        return Problem.Reply(new Refusal(Refusals.StorageUnavailable, $"Storage does not answer: {string.Join(", ", failed)}."), call.Http, call.Now, checks);
    }
}
