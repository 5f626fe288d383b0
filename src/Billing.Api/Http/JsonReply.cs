using System.Text;
using Microsoft.AspNetCore.Http;

namespace Billing.Api.Http;

/// <summary>A JSON answer, byte for byte.</summary>
public sealed class JsonReply(int status, string body, string contentType = "application/json; charset=utf-8") : IResult
{
    /// <summary>Why it refuses: one of <see cref="RefusalCodes"/>; null when it does not.</summary>
    public string? Refusal { get; init; }

    /// <summary>HTTP status.</summary>
    public int Status => status;

    /// <summary>JSON text.</summary>
    public string Body => body;

    /// <summary>A value as JSON.</summary>
    public static JsonReply Of<T>(T value, int status = StatusCodes.Status200OK) => new(status, ApiJson.Write(value));

    /// <inheritdoc/>
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        httpContext.Response.StatusCode = status;
        httpContext.Response.ContentType = contentType;
        httpContext.Response.ContentLength = bytes.Length;
        await httpContext.Response.Body.WriteAsync(bytes, httpContext.RequestAborted).ConfigureAwait(false);
    }
}
