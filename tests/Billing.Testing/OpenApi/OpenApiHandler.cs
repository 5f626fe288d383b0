namespace Billing.Testing.OpenApi;

/// <summary>Looks at every answer that a client gets: <c>new HttpClient(new OpenApiHandler(new SocketsHttpHandler()))</c>.</summary>
public sealed class OpenApiHandler(HttpMessageHandler inner, OpenApiValidator? validator = null) : DelegatingHandler(inner)
{
    /// <inheritdoc/>
    /// <exception cref="UndocumentedAnswerException">The answer is not as documented.</exception>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var answer = await base.SendAsync(request, cancellationToken);
        answer.RequestMessage ??= request;
        var mistakes = await (validator ?? OpenApiValidator.Shared).ValidateAsync(answer, cancellationToken);
        return mistakes.Count == 0 ? answer : throw new UndocumentedAnswerException(string.Join(Environment.NewLine, mistakes));
    }
}

/// <summary>An answer is not as the OpenAPI document says.</summary>
public sealed class UndocumentedAnswerException(string message) : Exception(message);
