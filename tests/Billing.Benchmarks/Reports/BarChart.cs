using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Text;

namespace Billing.Benchmarks.Reports;

/// <summary>One bar.</summary>
/// <param name="Label">Who.</param>
/// <param name="Value">How much; more than 0.</param>
/// <param name="Color">Colour of its kind.</param>
internal sealed record Bar(string Label, double Value, string Color);

/// <summary>Bars in groups on a logarithmic scale.</summary>
internal sealed record BarChart(string Title, ImmutableArray<(string Name, ImmutableArray<Bar> Bars)> Groups)
{
    private const int Width = 760;
    private const int Left = 230;
    private const int Right = 70;
    private const int BarHeight = 16;
    private const int BarStep = 22;
    private const int GroupHead = 30;
    private const int Top = 44;

    public string ToSvg()
    {
        var values = Groups.SelectMany(group => group.Bars).Select(bar => bar.Value).ToList();
        var (least, most) = (Math.Floor(Math.Log10(values.Min())), Math.Ceiling(Math.Log10(values.Max())));
        var height = Top + Groups.Sum(group => GroupHead + group.Bars.Length * BarStep) + 30;
        var svg = new StringBuilder();
        Line(svg, $"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {height}" font-family="system-ui, sans-serif" font-size="12">""");
        Line(svg, $"""<rect width="{Width}" height="{height}" fill="#fff"/>""");
        Line(svg, $"""<text x="16" y="26" font-size="15" font-weight="600" fill="#1f2328">{WebUtility.HtmlEncode(Title)}</text>""");
        for (var power = least; power <= most; power++)
        {
            var x = X(Math.Pow(10, power), least, most);
            Line(svg, $"""<line x1="{x:0.#}" x2="{x:0.#}" y1="{Top}" y2="{height - 24}" stroke="#d8dee4"/>""");
            Line(svg, $"""<text x="{x:0.#}" y="{height - 8}" text-anchor="middle" fill="#59636e">{Math.Pow(10, power):n0}</text>""");
        }

        var y = Top;
        foreach (var (name, bars) in Groups)
        {
            Line(svg, $"""<text x="16" y="{y + 18}" font-weight="600" fill="#1f2328">{WebUtility.HtmlEncode(name)}</text>""");
            y += GroupHead;
            foreach (var bar in bars)
            {
                Draw(svg, bar, y, X(bar.Value, least, most));
                y += BarStep;
            }
        }

        return svg.Append("</svg>\n").ToString();
    }

    private static double X(double value, double least, double most) =>
        Left + (Math.Log10(value) - least) / Math.Max(1, most - least) * (Width - Left - Right);

    private static void Draw(StringBuilder svg, Bar bar, int y, double end)
    {
        Line(svg, $"""<text x="{Left - 8}" y="{y + 12}" text-anchor="end" fill="#1f2328">{WebUtility.HtmlEncode(bar.Label)}</text>""");
        Line(svg, $"""<rect x="{Left}" y="{y}" width="{Math.Max(1, end - Left):0.#}" height="{BarHeight}" rx="2" fill="{bar.Color}"/>""");
        Line(svg, $"""<text x="{end + 6:0.#}" y="{y + 12}" fill="#1f2328">{bar.Value:n0}</text>""");
    }

    private static void Line(StringBuilder svg, FormattableString text) => svg.Append(text.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
