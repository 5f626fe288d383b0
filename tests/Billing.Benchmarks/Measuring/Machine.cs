using System.Globalization;
using System.Runtime.InteropServices;

namespace Billing.Benchmarks.Measuring;

/// <summary>The machine and how busy it was: figures are compared within one run, and with a look at this.</summary>
/// <param name="Cores">Processors.</param>
/// <param name="Load">Load average of the last minute; null where there is none.</param>
/// <param name="At">When, UTC.</param>
internal sealed record Machine(int Cores, double? Load, DateTimeOffset At)
{
    public static Machine Look() => new(Environment.ProcessorCount, LoadAverage(), DateTimeOffset.UtcNow);

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Cores} cores, {RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSDescription.Split(' ')[0]}; load average {Load?.ToString("0.0", CultureInfo.InvariantCulture) ?? "unknown"}");

    private static double? LoadAverage() => File.Exists("/proc/loadavg")
        ? double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture)
        : null;
}
