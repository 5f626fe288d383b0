using System.Diagnostics;
using Billing.Engine.Committing;

namespace Billing.Api.Telemetry;

/// <summary>What is told of every transaction of an account: a span, metrics, and the log of what an operator may ask for later.</summary>
public sealed class CommitTelemetry(BillingMetrics metrics, WorkspaceLog log)
{
    /// <inheritdoc cref="CommitWatch"/>
    public Action<CommitEnd> Watch(CommitStart start)
    {
        var began = Stopwatch.GetTimestamp();
        var span = SpanOf(start);
        return end =>
        {
            metrics.Committed(start, end.Fate, Stopwatch.GetElapsedTime(began));
            log.Note(start.UnitOfWork, end);
            if (span is not null)
            {
                End(span, end);
            }
        };
    }

    // The first request's trace shows its commit; those that ride along are linked to it.
    private static Activity? SpanOf(CommitStart start)
    {
        if (!Spans.Source.HasListeners())
        {
            return null;
        }

        var asked = start.Spans.OfType<Activity>().Select(span => span.Context).ToList();
        var parent = asked.FirstOrDefault();
        var links = asked.Skip(1).Select(context => new ActivityLink(context));
        var span = Spans.Source.StartActivity("commit", ActivityKind.Internal, parent, tags: null, links);
        return span?
            .SetTag("billing.workspace_id", start.UnitOfWork.Workspace.WorkspaceId)
            .SetTag("billing.commit.size", start.Works)
            .SetTag("billing.commit.entities", start.Rows);
    }

    private static void End(Activity span, CommitEnd end)
    {
        span.SetTag("billing.result", BillingMetrics.NameOf(end.Fate));
        if (end.Fate != CommitFate.Stored)
        {
            span.Fail(BillingMetrics.NameOf(end.Fate));
        }

        span.Dispose();
    }
}
