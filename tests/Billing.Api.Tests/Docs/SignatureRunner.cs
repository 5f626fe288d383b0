using System.Text.Json;
using Billing.Api.Tests.Webhooks;
using Billing.Testing;

namespace Billing.Api.Tests.Docs;

/// <summary>JavaScript verifies a delivery: a real one passes, the same with another byte does not.</summary>
internal sealed class SignatureRunner : IRunner
{
    private static readonly string Folder = Path.Combine(Repository.Root, "tests", "Billing.Api.Tests", "Webhooks", "node");

    public bool Claims(FencedBlock block) => block.Language == "js" && block.Text.Contains("standardwebhooks", StringComparison.Ordinal);

    public async Task RunAsync(FencedBlock block, Reader reader)
    {
        await using var receiver = new Receiver();
        var subscription = await Subscription.CreateAsync(reader.Customer, receiver);
        await reader.Customer.TopUpAsync(20);
        var arrival = (await Eventually.SeeAsync(() => Task.FromResult(receiver.Arrivals), all => all.Count == 1))[0];

        var (exitCode, output) = await VerifyAsync(block, subscription.Secret, arrival);
        Assert.True(exitCode == 0, $"{block}: {output}");
        using var told = JsonDocument.Parse(output);
        using var sent = JsonDocument.Parse(arrival.Body);
        Assert.True(JsonElement.DeepEquals(sent.RootElement, told.RootElement), output);

        var changed = arrival with { Body = [.. arrival.Body[..^1], (byte)' '] };
        (exitCode, output) = await VerifyAsync(block, subscription.Secret, changed);
        Assert.True(exitCode != 0, $"{block} takes what nobody signed: {output}");
    }

    private static async Task<(int ExitCode, string Output)> VerifyAsync(FencedBlock block, string secret, Arrival arrival)
    {
        var packages = new NodePackages(Folder);
        await packages.EnsureAsync();
        var script = $"""
            const request = JSON.parse(process.env.REQUEST), rawBody = process.env.BODY;
            {block.Text}
            console.log(JSON.stringify(event));
            """;
        return await packages.EvaluateAsync(script, new Dictionary<string, string>
        {
            ["WEBHOOK_SECRET"] = secret,
            ["REQUEST"] = JsonSerializer.Serialize(new { headers = arrival.Headers.ToDictionary(header => header.Key.ToLowerInvariant(), header => header.Value) }),
            ["BODY"] = System.Text.Encoding.UTF8.GetString(arrival.Body),
        });
    }
}
