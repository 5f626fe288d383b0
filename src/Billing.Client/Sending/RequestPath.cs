using System.Globalization;
using System.Text;

namespace Billing.Client;

/// <summary>A path below <c>/api/v1/</c> with its query, each part of it escaped.</summary>
internal sealed class RequestPath
{
    private readonly StringBuilder _text = new();
    private char _next = '?';

    private RequestPath(params ReadOnlySpan<string> parts)
    {
        foreach (var part in parts)
        {
            ArgumentException.ThrowIfNullOrEmpty(part);
            _text.Append(_text.Length == 0 ? "" : "/").Append(Uri.EscapeDataString(part));
        }
    }

    /// <exception cref="ArgumentException">A part is empty: it would name something else.</exception>
    public static RequestPath Of(params ReadOnlySpan<string> parts) => new(parts);

    public RequestPath With(string name, string? value)
    {
        if (value is not null)
        {
            _text.Append(_next).Append(name).Append('=').Append(Uri.EscapeDataString(value));
            _next = '&';
        }

        return this;
    }

    public RequestPath With(string name, DateTimeOffset? value) => With(name, value is { } at ? Instants.Text(at) : null);

    public RequestPath With(string name, int? value) => With(name, value?.ToString(CultureInfo.InvariantCulture));

    public override string ToString() => _text.ToString();
}
