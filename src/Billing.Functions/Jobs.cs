using Billing.Engine.Due;

namespace Billing.Functions;

public sealed class QueueFunctions(QueueFeed feed)
{
    [Function("RefundsQueue")]
    public Task RefundsAsync([QueueTrigger(Queues.Refunds)] string message, FunctionContext context) =>
        feed.ConsumeAsync(Queues.Refunds, message, context);

    [Function("RenewalsQueue")]
    public Task RenewalsAsync([QueueTrigger(Queues.Renewals)] string message, FunctionContext context) =>
        feed.ConsumeAsync(Queues.Renewals, message, context);

    [Function("OverageChargesQueue")]
    public Task OverageChargesAsync([QueueTrigger(Queues.OverageCharges)] string message, FunctionContext context) =>
        feed.ConsumeAsync(Queues.OverageCharges, message, context);

    [Function("ExpirationsQueue")]
    public Task ExpirationsAsync([QueueTrigger(Queues.Expirations)] string message, FunctionContext context) =>
        feed.ConsumeAsync(Queues.Expirations, message, context);

    [Function("RetentionQueue")]
    public Task RetentionAsync([QueueTrigger(Queues.Retention)] string message, FunctionContext context) =>
        feed.ConsumeAsync(Queues.Retention, message, context);

    [Function("AuditsQueue")]
    public Task AuditsAsync([QueueTrigger(Queues.Audits)] string message, FunctionContext context) =>
        feed.ConsumeAsync(Queues.Audits, message, context);

    [Function("WebhooksQueue")]
    public Task WebhooksAsync([QueueTrigger(Queues.Webhooks)] string message, FunctionContext context) =>
        feed.ConsumeAsync(Queues.Webhooks, message, context);

    [Function("SellerEventsQueue")]
    public Task SellerEventsAsync([QueueTrigger(Queues.SellerEvents)] string message, FunctionContext context) =>
        feed.ConsumeAsync(Queues.SellerEvents, message, context);
}

public sealed class TimerFunctions(JobRuns runs, PoisonDrain drain)
{
    [Function("RenewalsTimer")]
    public Task RenewalsAsync([TimerTrigger(Schedules.Renewals)] TimerInfo timer, CancellationToken cancellation) =>
        runs.RunAsync(Queues.Renewals, timer, cancellation);

    [Function("OverageChargesTimer")]
    public Task OverageChargesAsync([TimerTrigger(Schedules.OverageCharges)] TimerInfo timer, CancellationToken cancellation) =>
        runs.RunAsync(Queues.OverageCharges, timer, cancellation);

    [Function("ExpirationsTimer")]
    public Task ExpirationsAsync([TimerTrigger(Schedules.Expirations)] TimerInfo timer, CancellationToken cancellation) =>
        runs.RunAsync(Queues.Expirations, timer, cancellation);

    [Function("WebhooksTimer")]
    public Task WebhooksAsync([TimerTrigger(Schedules.Webhooks)] TimerInfo timer, CancellationToken cancellation) =>
        runs.RunAsync(Queues.Webhooks, timer, cancellation);

    [Function("RetentionTimer")]
    public Task RetentionAsync([TimerTrigger(Schedules.Retention)] TimerInfo timer, CancellationToken cancellation) =>
        runs.RunAsync(Queues.Retention, timer, cancellation);

    [Function("AuditsTimer")]
    public Task AuditsAsync([TimerTrigger(Schedules.Audits)] TimerInfo timer, CancellationToken cancellation) =>
        runs.RunAsync(Queues.Audits, timer, cancellation);

    [Function("PoisonTimer")]
    public Task PoisonAsync([TimerTrigger(PoisonDrain.Schedule)] TimerInfo timer, CancellationToken cancellation) =>
        drain.RunAsync(cancellation);
}
