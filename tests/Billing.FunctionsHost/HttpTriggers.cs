using System.Collections.Immutable;
using System.Text.Json;
using Billing.FunctionsHost.Protocol;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Template;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Billing.FunctionsHost;

/// <summary>Passes a request to the worker as the Functions host does: the invocation over the stream, the request itself over HTTP, put together by a header.</summary>
internal sealed class HttpTriggers(WorkerProcess worker, HttpMessageHandler connections) : DelegatingHandler(connections)
{
    private const int MostRetries = 10;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(250);
    private readonly ImmutableArray<Trigger> _triggers =
        [.. worker.Functions.OrderBy(function => function.Name, StringComparer.Ordinal).Select(Trigger.Of).OfType<Trigger>()];

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var values = new RouteValueDictionary();
        var trigger = _triggers.FirstOrDefault(trigger => trigger.Matches(request.Method.Method, request.RequestUri!.AbsolutePath, values))
            ?? throw new InvalidOperationException($"No function takes {request.Method} {request.RequestUri}.");
        var invocation = Invocation(trigger, request, values);
        request.Headers.TryAddWithoutValidation("x-ms-invocation-id", invocation.InvocationId);
        request.Headers.TryAddWithoutValidation("X-Forwarded-Host", request.RequestUri!.Authority);
        request.Headers.TryAddWithoutValidation("X-Forwarded-Proto", "http");
        request.Headers.TryAddWithoutValidation("X-Forwarded-For", "127.0.0.1");
        request.Headers.TryAddWithoutValidation("traceparent", invocation.TraceContext.TraceParent);
        var invoked = worker.InvokeAsync(invocation);
        var response = await ForwardAsync(request, cancellationToken);
        await invoked;
        return response;
    }

    // A worker loads its functions before it listens. The Functions host tries again after such pauses, too: they are a part of a cold start.
    private async Task<HttpResponseMessage> ForwardAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        for (var (pause, retries) = (FirstPause, MostRetries); ; (pause, retries) = (pause * 2 > LongestPause ? LongestPause : pause * 2, retries - 1))
        {
            try
            {
                return await base.SendAsync(request, cancellation);
            }
            catch (HttpRequestException exception) when (exception.HttpRequestError == HttpRequestError.ConnectionError && retries > 0)
            {
                await Task.Delay(pause, cancellation);
            }
        }
    }

    private static InvocationRequest Invocation(Trigger trigger, HttpRequestMessage request, RouteValueDictionary values)
    {
        var invocation = WorkerProcess.NewInvocation(trigger.Function);
        invocation.InputData.Add(new ParameterBinding { Name = trigger.Parameter, Data = new TypedData { Http = new RpcHttp() } });
        invocation.TriggerMetadata["Query"] = new TypedData { Json = "{}" };
        invocation.TriggerMetadata["Headers"] = new TypedData { Json = JsonSerializer.Serialize(request.Headers.ToDictionary(header => header.Key, header => string.Join(',', header.Value))) };
        foreach (var (name, value) in values)
        {
            invocation.TriggerMetadata[name] = new TypedData { String = value?.ToString() ?? "" };
        }

        return invocation;
    }

    /// <summary>One function with the route that leads to it.</summary>
    private sealed record Trigger(RpcFunctionMetadata Function, string Parameter, ImmutableArray<string> Methods, TemplateMatcher Route)
    {
        private static readonly DefaultInlineConstraintResolver Constraints = new(Options.Create(new RouteOptions()), new ServiceCollection().BuildServiceProvider());

        /// <summary>Null when something else triggers it.</summary>
        public static Trigger? Of(RpcFunctionMetadata function)
        {
            var binding = function.RawBindings.Select(text => JsonElement.Parse(text)).FirstOrDefault(one => one.GetProperty("type").GetString() == "httpTrigger");
            return binding.ValueKind == JsonValueKind.Undefined ? null : new Trigger(
                function,
                binding.GetProperty("name").GetString()!,
                binding.TryGetProperty("methods", out var methods) ? [.. methods.EnumerateArray().Select(method => method.GetString()!)] : [],
                new TemplateMatcher(TemplateParser.Parse(binding.GetProperty("route").GetString()!), []));
        }

        public bool Matches(string method, string path, RouteValueDictionary values) =>
            (Methods.IsEmpty || Methods.Contains(method, StringComparer.OrdinalIgnoreCase)) && Route.TryMatch(new PathString(path), values) && Route.Template.Parameters.All(part => Fits(part, values));

        private static bool Fits(TemplatePart part, RouteValueDictionary values) => values[part.Name!] is null
            || part.InlineConstraints.All(one => Constraints.ResolveConstraint(one.Constraint)!.Match(null, null, part.Name!, values, RouteDirection.IncomingRequest));
    }
}
