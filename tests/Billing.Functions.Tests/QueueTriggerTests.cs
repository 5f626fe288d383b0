using System.Reflection;
using System.Text;
using Billing.Engine.Due;
using Billing.Storage;
using Microsoft.Azure.Functions.Worker;

namespace Billing.Functions.Tests;

/// <summary>Each queue's function.</summary>
public sealed class QueueTriggerTests
{
    public static TheoryData<string> QueueNames => [.. Queues.All];

    [Theory, MemberData(nameof(QueueNames))]
    public async Task A_message_of_the_queue_reaches_its_consumer(string queue)
    {
        var consumers = Queues.All.Select(one => new Hears(one)).ToArray();
        using var clients = new StorageClients(new StorageOptions { ConnectionString = "UseDevelopmentStorage=true" });

        await RunAsync(queue, new LogBook().Feed(new QueueReceiver(clients), consumers));

        Assert.Equal([queue], consumers.Where(consumer => consumer.Heard == "hello").Select(consumer => consumer.Queue));
    }

    private static Task RunAsync(string queue, QueueFeed feed)
    {
        var run = typeof(FunctionsApp).Assembly.GetTypes().SelectMany(type => type.GetMethods())
            .Single(method => method.GetParameters().Any(parameter => parameter.GetCustomAttribute<QueueTriggerAttribute>()?.QueueName == queue));
        var message = Convert.ToBase64String(Encoding.UTF8.GetBytes("hello"));
        return (Task)run.Invoke(Activator.CreateInstance(run.DeclaringType!, feed), [message, Triggers.Message("m1", 1)])!;
    }

    private sealed class Hears(string queue) : IConsumer
    {
        public string Queue => queue;

        public string? Heard { get; private set; }

        public Task<Consumption> ConsumeAsync(string message, CancellationToken cancellation)
        {
            Heard = message;
            return Task.FromResult(Consumption.Done);
        }
    }
}
