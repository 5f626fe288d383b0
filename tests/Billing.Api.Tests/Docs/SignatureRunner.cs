using System.Text.Json;
using Billing.Api.Tests.Webhooks;
using Billing.Testing;

namespace Billing.Api.Tests.Docs;

/// <summary>JavaScript verifies a delivery: a real one passes, the same with another byte does not.</summary>
internal sealed class SignatureRunner : IRunner
{
    private static readonly string Folder = Path.Combine(Repository.Root, "tests", "Billing.Api.Tests", "Webhooks", "node");

    public bool Claims(FencedBlock block) => block.Language == "js" && block.Text.Contains("standardwebhooks", StringComparison.Ordinal) && !ReceiverRunner.IsReceiver(block);

    public async Task RunAsync(FencedBlock block, Reader reader)
    {
        var (secret, arrival) = await ArrivalAsync(reader);
        var (exitCode, output) = await VerifyAsync(block, secret, arrival);
        Assert.True(exitCode == 0, $"{block}: {output}");
        using var told = JsonDocument.Parse(output);
        using var sent = JsonDocument.Parse(arrival.Body);
        Assert.True(JsonElement.DeepEquals(sent.RootElement, told.RootElement), output);

        var changed = arrival with { Body = [.. arrival.Body[..^1], (byte)' '] };
        (exitCode, output) = await VerifyAsync(block, secret, changed);
        Assert.True(exitCode != 0, $"{block} takes what nobody signed: {output}");
    }

    /// <summary>A delivery as it came, and the secret of its endpoint.</summary>
    public static async Task<(string Secret, Arrival Arrival)> ArrivalAsync(Reader reader)
    {
        await using var receiver = new Receiver();
        var subscription = await Subscription.CreateAsync(reader.Customer, receiver);
        await reader.Customer.TopUpAsync(20);
        return (subscription.Secret, (await Eventually.SeeAsync(() => Task.FromResult(receiver.Arrivals), all => all.Count == 1))[0]);
    }

    /// <summary>Runs JavaScript that is given a delivery in REQUEST (its headers) and BODY.</summary>
    public static async Task<(int ExitCode, string Output)> EvaluateAsync(string script, string secret, Arrival arrival)
    {
        var packages = new NodePackages(Folder);
        await packages.EnsureAsync();
        return await packages.EvaluateAsync(script, new Dictionary<string, string>
        {
            ["WEBHOOK_SECRET"] = secret,
            ["REQUEST"] = JsonSerializer.Serialize(new { headers = arrival.Headers.ToDictionary(header => header.Key.ToLowerInvariant(), header => header.Value) }),
            ["BODY"] = System.Text.Encoding.UTF8.GetString(arrival.Body),
        });
    }

    private static Task<(int ExitCode, string Output)> VerifyAsync(FencedBlock block, string secret, Arrival arrival) => EvaluateAsync(
        $"""
        const request = JSON.parse(process.env.REQUEST), rawBody = process.env.BODY;
        {block.Text}
        console.log(JSON.stringify(event));
        """,
        secret,
        arrival);
}

/// <summary>JavaScript is a server that takes a delivery which is sent to it, and refuses it with another byte.</summary>
internal sealed class ReceiverRunner : IRunner
{
    private const string Sender = """

        server.on('listening', async () => {
          const to = `http://127.0.0.1:${server.address().port}/`, { headers } = JSON.parse(process.env.REQUEST);
          const wanted = Object.fromEntries(Object.entries(headers).filter(([name]) => name.startsWith('webhook-')));
          for (const body of [process.env.BODY, process.env.BODY + ' ']) {
            console.log((await fetch(to, { method: 'POST', headers: wanted, body })).status);
          }
          process.exit();
        });
        """;

    public static bool IsReceiver(FencedBlock block) => block.Text.Contains("createServer", StringComparison.Ordinal);

    public bool Claims(FencedBlock block) => block.Language == "js" && IsReceiver(block);

    public async Task RunAsync(FencedBlock block, Reader reader)
    {
        var (secret, arrival) = await SignatureRunner.ArrivalAsync(reader);
        var (exitCode, output) = await SignatureRunner.EvaluateAsync($"process.env.PORT = '0';\n{block.Text}{Sender}", secret, arrival);
        Assert.True(exitCode == 0, $"{block}: {output}");
        Assert.Equal(["credits.topped_up undefined", "204", "401"], output.Trim().Split('\n').Select(line => line.Trim()));
    }
}
