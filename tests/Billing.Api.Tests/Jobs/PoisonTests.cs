using System.Text;
using Billing.Api.Tests.Worlds;
using Billing.Engine.Due;
using Billing.Testing;

namespace Billing.Api.Tests.Jobs;

/// <summary>Messages that are none end where an operator finds them, or are dropped; nothing is written and nothing crashes.</summary>
public sealed class PoisonTests
{
    [Fact]
    public async Task Rubbish_is_parked_with_its_reason_and_can_be_tried_again()
    {
        await using var world = await World.StartAsync();
        var customer = await world.CustomerAsync("bloom");
        foreach (var queue in Queues.All)
        {
            await SendAsync(world, queue, $"rubbish for {queue}");
        }

        var poison = await Eventually.SeeAsync(() => world.Operator.GetAsync("admin/poison"), seen => seen.Is(200).At("messages").GetArrayLength() == Queues.All.Length);
        foreach (var queue in Queues.All)
        {
            var message = poison.At("messages").EnumerateArray().Single(one => one.GetProperty("queue").GetString() == queue);
            Assert.Null(Json.Difference($$"""{ "id": "{{queue}}.*", "queue": "{{queue}}", "body": "rubbish for {{queue}}", "reason": "*", "poisoned_at": "*" }""", message));
        }

        var id = poison.Text("messages.0.id");
        (await world.Operator.PostAsync($"admin/poison/{id}/retry")).Is(202).Shows($$"""{ "id": "{{id}}", "queue": "{{poison.Text("messages.0.queue")}}" }""");
        await Eventually.SeeAsync(() => world.Operator.GetAsync("admin/poison"), seen => seen.At("messages").GetArrayLength() == Queues.All.Length && !seen.Body.Contains(id, StringComparison.Ordinal));
        (await world.Operator.PostAsync($"admin/poison/{id}/retry")).Refused(404, "NOT_FOUND");
        (await world.Operator.PostAsync("admin/poison/nothing/retry")).Refused(404, "NOT_FOUND");

        // What can never succeed is discarded, and only that.
        var hopeless = (await world.Operator.GetAsync("admin/poison")).Is(200);
        id = hopeless.Text("messages.0.id");
        (await world.Operator.DeleteAsync($"admin/poison/{id}")).Is(200).Shows($$"""{ "id": "{{id}}", "queue": "{{hopeless.Text("messages.0.queue")}}", "deleted": true }""");
        (await world.Operator.DeleteAsync($"admin/poison/{id}")).Refused(404, "NOT_FOUND");
        (await world.Operator.DeleteAsync("admin/poison/nothing")).Refused(404, "NOT_FOUND");
        var left = await Eventually.SeeAsync(() => world.Operator.GetAsync("admin/poison"), seen => seen.At("messages").GetArrayLength() == Queues.All.Length - 1);
        Assert.DoesNotContain(id, left.Body, StringComparison.Ordinal);
        Assert.Equal((10, 1), (await customer.LeftAsync(), (await customer.HistoryAsync()).Number("total")));
    }

    [Fact]
    public async Task Whatever_comes_through_a_queue_the_host_lives_and_nothing_is_written()
    {
        await using var world = await World.StartAsync();
        var customer = await world.CustomerAsync("bloom");
        var running = (await customer.AdmitAsync(Requests.Small)).Text("id");
        var key = running[4..];
        string[] messages =
        [
            "{}", "null", " ", "\u0000", "ü", new string('x', 48 * 1024), "rfd_", $"rfd_{key}a", $"rfd_{key}m", $"rfd_{key}z", "rfd_zzzzzzzzzzzzzzzz00000000000000000a",
            "renewals|2025-11-01T00;ws_zzzzzzzzzzzzzzzz", $"renewals|2025-11-01T00;{customer.WorkspaceId}", "renewals|;", "evt_zzzzzzzzzzzzzzzz000000001", "../../etc/passwd",
        ];
        foreach (var queue in Queues.All)
        {
            foreach (var message in messages)
            {
                await SendAsync(world, queue, message);
            }

            await world.OpenQueue(queue).SendMessageAsync("not base64!");
            await world.OpenQueue(queue).SendMessageAsync(Convert.ToBase64String([0xff, 0xfe, 0x80]));
        }

        await world.QuietAsync();
        (await world.Anyone.GetAsync("/health")).Is(200);
        Assert.Equal((9, 2), (await customer.LeftAsync(), (await customer.HistoryAsync()).Number("total")));
        Assert.Equal("running", (await customer.Own.GetAsync($"generations/{running}")).Text("status"));
        (await world.Operator.GetAsync("admin/poison")).Is(200);

        // The pumps go on.
        await customer.FailAsync((await customer.Own.GetAsync($"generations/{running}")).Is(200));
        await customer.SeesCreditsAsync(10);
    }

    private static Task SendAsync(World world, string queue, string text) =>
        world.OpenQueue(queue).SendMessageAsync(Convert.ToBase64String(Encoding.UTF8.GetBytes(text)));
}
