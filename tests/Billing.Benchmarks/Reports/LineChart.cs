using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Text;

namespace Billing.Benchmarks.Reports;

/// <summary>One line through points.</summary>
internal sealed record Series(string Name, string Color, ImmutableArray<(double X, double Y)> Points);

/// <summary>Lines on two logarithmic scales.</summary>
internal sealed record LineChart(string Title, string XName, string YName, ImmutableArray<Series> Series)
{
    private const int Width = 760;
    private const int Height = 360;
    private const int Left = 80;
    private const int Right = 200;
    private const int Top = 50;
    private const int Bottom = 56;

    public string ToSvg()
    {
        var svg = new StringBuilder();
        var x = Scale.Over(Series.SelectMany(one => one.Points).Select(point => point.X), Left, Width - Right);
        var y = Scale.Over(Series.SelectMany(one => one.Points).Select(point => point.Y), Height - Bottom, Top);
        Line(svg, $"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {Height}" font-family="system-ui, sans-serif" font-size="12">""");
        Line(svg, $"""<rect width="{Width}" height="{Height}" fill="#fff"/>""");
        Line(svg, $"""<text x="16" y="26" font-size="15" font-weight="600" fill="#1f2328">{WebUtility.HtmlEncode(Title)}</text>""");
        foreach (var tick in x.Ticks)
        {
            Line(svg, $"""<line x1="{x.At(tick):0.#}" x2="{x.At(tick):0.#}" y1="{Top}" y2="{Height - Bottom}" stroke="#d8dee4"/>""");
            Line(svg, $"""<text x="{x.At(tick):0.#}" y="{Height - Bottom + 16}" text-anchor="middle" fill="#59636e">{tick:n0}</text>""");
        }

        foreach (var tick in y.Ticks)
        {
            Line(svg, $"""<line x1="{Left}" x2="{Width - Right}" y1="{y.At(tick):0.#}" y2="{y.At(tick):0.#}" stroke="#d8dee4"/>""");
            Line(svg, $"""<text x="{Left - 8}" y="{y.At(tick) + 4:0.#}" text-anchor="end" fill="#59636e">{tick:n0}</text>""");
        }

        Line(svg, $"""<text x="{(Left + Width - Right) / 2}" y="{Height - 14}" text-anchor="middle" fill="#1f2328">{WebUtility.HtmlEncode(XName)}</text>""");
        Line(svg, $"""<text x="{Left}" y="{Top - 8}" fill="#1f2328">{WebUtility.HtmlEncode(YName)}</text>""");
        foreach (var series in Series)
        {
            Draw(svg, series, x, y);
        }

        return svg.Append("</svg>\n").ToString();
    }

    private static void Draw(StringBuilder svg, Series series, Scale x, Scale y)
    {
        FormattableString[] points = [.. series.Points.Select(point => (FormattableString)$"{x.At(point.X):0.#},{y.At(point.Y):0.#}")];
        var path = string.Join(' ', points.Select(point => point.ToString(CultureInfo.InvariantCulture)));
        Line(svg, $"""<polyline points="{path}" fill="none" stroke="{series.Color}" stroke-width="2"/>""");
        foreach (var (px, py) in series.Points)
        {
            Line(svg, $"""<circle cx="{x.At(px):0.#}" cy="{y.At(py):0.#}" r="4" fill="{series.Color}"/>""");
        }

        var (lastX, lastY) = series.Points[^1];
        Line(svg, $"""<text x="{x.At(lastX) + 10:0.#}" y="{y.At(lastY) + 4:0.#}" fill="{series.Color}">{WebUtility.HtmlEncode(series.Name)}</text>""");
    }

    private static void Line(StringBuilder svg, FormattableString text) => svg.Append(text.ToString(CultureInfo.InvariantCulture)).Append('\n');

    /// <summary>Powers of ten along a span of pixels.</summary>
    private sealed record Scale(double Least, double Most, double From, double To)
    {
        public IEnumerable<double> Ticks => Enumerable.Range((int)Least, (int)(Most - Least) + 1).Select(power => Math.Pow(10, power));

        public static Scale Over(IEnumerable<double> values, double from, double to)
        {
            var logs = values.Select(Math.Log10).ToList();
            var least = Math.Floor(logs.Min());
            return new Scale(least, Math.Max(least + 1, Math.Ceiling(logs.Max())), from, to);
        }

        public double At(double value) => From + (Math.Log10(value) - Least) / (Most - Least) * (To - From);
    }
}
