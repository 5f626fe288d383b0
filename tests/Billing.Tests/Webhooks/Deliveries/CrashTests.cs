using System.Collections.Immutable;
using Billing.Engine.Due;
using Billing.Engine.Rows;
using Billing.Events;
using Billing.Tests.Committing;
using Billing.Webhooks;

namespace Billing.Tests.Webhooks.Deliveries;

/// <summary>A spending that two endpoints want to hear of twice, one of which fails at first; and everything that can go wrong on the way.</summary>
public sealed class CrashTests
{
    private const int MostSteps = 400;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_crash_at_every_step_between_commit_and_delivery_loses_no_event(bool bellsLost)
    {
        var (told, step) = (0, 0);
        for (var done = false; !done; step++)
        {
            var post = await OpenAsync();
            var power = new Power(post, step);
            await LiveAsync(post, machine => machine.Writer.SubmitAsync(World.WorkspaceId, post.World.Admit(10)).WaitAsync(TimeSpan.FromSeconds(30)), post.Start());
            done = power.Steps <= step;
            power.Back();

            if (bellsLost)
            {
                post.LoseMessages();
            }

            await RecoverAsync(post, post.Start());
            told += post.World.Rows(BillingEvent.Prefix).Length;
            await ProveAsync(post, mostOften: 2, $"step {step}");
        }

        Assert.InRange(step, 60, MostSteps);
        Assert.True(told > step, "hardly any crash came after the commit");
    }

    [Theory]
    [InlineData(Fault.FailsBefore)]
    [InlineData(Fault.AnswerLost)]
    [InlineData(Fault.NeverArrives)]
    [InlineData(Fault.ArrivesLate)]
    public async Task No_fault_of_storage_loses_an_event_or_delivers_one_twice(Fault fault)
    {
        var (at, calls) = (0, 1);
        for (; at < calls; at++)
        {
            var post = await OpenAsync();
            var faults = new Faults(post.World, fault, at);
            var machine = post.Start();
            await LiveAsync(post, one => one.Writer.InsistAsync(() => post.World.Admit(10, "key-1")), machine);
            calls = faults.Calls;
            faults.Over();
            await RecoverAsync(post, machine);
            await ProveAsync(post, mostOften: 1, $"{fault} at call {at}");
        }

        Assert.InRange(calls, 30, MostSteps);
    }

    private static async Task<Post> OpenAsync()
    {
        var post = await Post.OpenAsync(credits: 10);
        await post.ListenAsync("https://one.example/", threshold: 5);
        await post.ListenAsync("https://two.example/", threshold: 3);
        var failed = 0;
        post.Receivers.Answer = received =>
            Task.FromResult(Receivers.Says(received.Url == "https://two.example/" && Interlocked.Increment(ref failed) == 1 ? 500 : 200));
        return post;
    }

    private static async Task LiveAsync(Post post, Func<Machine, Task> spend, Machine machine)
    {
        try
        {
            await spend(machine);
        }
        catch (PowerCutException)
        {
            // The client never hears of it.
        }

        for (var minute = 0; minute < 2; minute++)
        {
            await post.PumpAsync(machine);
            post.Pass(TimeSpan.FromMinutes(1));
        }
    }

    /// <summary>What happens by itself afterwards: messages show themselves again, timers run.</summary>
    private static async Task RecoverAsync(Post post, Machine machine)
    {
        var finder = new DueConsumer(Queues.Expirations, post.World.Store, post.Messages, machine.Writer, post.World.Clock);
        for (var hour = 0; hour < 3; hour++)
        {
            for (var i = 0; i < 6; i++)
            {
                await post.PumpAsync(machine);
                post.Pass(TimeSpan.FromSeconds(40));
            }

            post.Pass(TimeSpan.FromHours(1));
            await new DueJob(post.World.Store, post.Messages, ShardMap.One, post.World.Clock).RunAsync(Queues.Expirations, default);
            foreach (var message in post.Messages.Drain(Queues.Expirations))
            {
                await finder.ConsumeAsync(message.Message, default);
            }

            await post.FindDueAsync();
        }
    }

    private static async Task ProveAsync(Post post, int mostOften, string when)
    {
        var told = post.World.Rows(BillingEvent.Prefix).Select(row => RowJson.Read<BillingEvent>(row.Data)).ToImmutableArray();
        Assert.True(told.Length is 0 or 2, when);
        Assert.Equal(post.World.Rows("txn:").Length > 1, told.Length > 0);
        foreach (var (id, url) in (await post.World.AccountAsync()).Subscribers.Select(one => (one.Id, post.Endpoint(one.Id).Url)))
        {
            var wanted = told.Where(one => one.Targets.Contains(id)).Select(one => one.Sequence).Order().ToList();
            var got = post.Receivers.At(url).Select(one => one.Number).Order().ToList();
            Assert.True(wanted.SequenceEqual(got.Distinct()), $"{when}: {url} should get {string.Join(' ', wanted)}, not {string.Join(' ', got)}");
            Assert.True(got.Count <= wanted.Count - 1 + mostOften + (url.Contains("two", StringComparison.Ordinal) ? 1 : 0), $"{when}: {url} got {string.Join(' ', got)}");
            Assert.All(post.Deliveries(post.Endpoint(id)), one => Assert.Equal(DeliveryStatus.Succeeded, one.Status));
        }

        post.ProveQuiet();
    }
}
