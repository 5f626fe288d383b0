using System.Diagnostics;
using Microsoft.Azure.Functions.Worker.Middleware;

namespace Billing.Functions;

/// <summary>Continues the trace of the request: the Functions host passes its <c>traceparent</c> on, and logs and <c>X-Request-Id</c> name it.</summary>
internal sealed class Correlation : IFunctionsWorkerMiddleware
{
    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        using var activity = new Activity(context.FunctionDefinition.Name);
        if (ActivityContext.TryParse(context.TraceContext.TraceParent, context.TraceContext.TraceState, out var parent))
        {
            activity.SetParentId(parent.TraceId, parent.SpanId, parent.TraceFlags);
            activity.TraceStateString = parent.TraceState;
        }

        activity.Start();
        await next(context);
    }
}
