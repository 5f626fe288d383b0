using Billing.Api.Tests.Worlds;

namespace Billing.Api.Tests.Access;

/// <summary>An operator reads what a customer can read, of any workspace that it names.</summary>
public sealed class OperatorReadsTests
{
    private const string Nobodys = "ws_0000000000000000";

    [Theory]
    [InlineData("credits")]
    [InlineData("credits/balance")]
    [InlineData("credits/history")]
    [InlineData("invoices")]
    [InlineData("webhooks")]
    public async Task The_operator_names_the_workspace_that_it_reads(string path)
    {
        await using var world = await World.StartAsync();
        var ada = await world.CustomerAsync("bluma", "pro");

        Assert.Equal((await ada.Own.GetAsync(path)).Is(200).Body, (await world.Operator.GetAsync($"{path}?workspaceId={ada.WorkspaceId}")).Is(200).Body);
        var unnamed = (await world.Operator.GetAsync(path)).Refused(400, "INVALID_REQUEST");
        Assert.Contains("\"workspaceId\"", unnamed.Body, StringComparison.Ordinal);
        (await world.Operator.GetAsync($"{path}?workspaceId={Nobodys}")).Refused(404, "NOT_FOUND");
    }
}
