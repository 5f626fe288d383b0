using Billing.Api.Http;
using Microsoft.AspNetCore.Http;

namespace Billing.Api.Health;

/// <summary>
/// <c>GET /health</c>: 200 when storage answers, else 503, either within seconds. One shard that is away stops its own workspaces only, so it takes no instance out of
/// service; the directory, without which nobody new is let in, does.
/// </summary>
public static class GetHealth
{
    public const string Route = "health";

    public static readonly ApiEndpoint Endpoint = new("GetHealth", "GET", Route, Access.Anyone, HandleAsync);

    private static async Task<IResult> HandleAsync(ApiRequest request)
    {
        var checks = await request.Backend.Health.RunAsync(request.Cancellation).ConfigureAwait(false);
        var failed = checks.Where(check => check.Status == CheckStatus.Failed).ToList();
        if (failed.All(check => check.Shard != request.Backend.DirectoryShard))
        {
            var status = failed.Count == 0 ? "ok" : "degraded";
            return JsonReply.Of(new HealthView(status, status, request.Now, Build.Version, Build.Commit, checks));
        }

        return Problem.Reply(new Refusal(RefusalCodes.StorageUnavailable, $"Storage does not answer: {string.Join(", ", failed.Select(check => HealthChecks.NameOf(check.Name, check.Shard)))}."), request.Http, request.Now, checks);
    }
}
