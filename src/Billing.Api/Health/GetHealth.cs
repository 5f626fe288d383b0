using Billing.Api.Http;
using Microsoft.AspNetCore.Http;

namespace Billing.Api.Health;

/// <summary><c>GET /health</c>: 200 when storage answers, else 503, either within seconds.</summary>
public static class GetHealth
{
    public const string Route = "health";

    public static readonly ApiEndpoint Endpoint = new("GetHealth", "GET", Route, Access.Anyone, HandleAsync);

    private static async Task<IResult> HandleAsync(ApiRequest request)
    {
        var checks = await request.Backend.Health.RunAsync(request.Cancellation).ConfigureAwait(false);
        if (checks.All(check => check.Status == CheckStatus.Ok))
        {
            return JsonReply.Of(new HealthView("ok", "ok", request.Now, Build.Version, Build.Commit, checks));
        }

        var failed = checks.Where(check => check.Status == CheckStatus.Failed).Select(check => check.Name);
        return Problem.Reply(new Refusal(RefusalCodes.StorageUnavailable, $"Storage does not answer: {string.Join(", ", failed)}."), request.Http, request.Now, checks);
    }
}
