using System.Diagnostics;

namespace Billing.Dev;

internal static class Progress
{
    private static readonly Stopwatch Since = Stopwatch.StartNew();

    public static void Say(string line) => Console.WriteLine($"[{Since.Elapsed.TotalSeconds,5:0.0} s] {line}");

    public static int Fail(string line)
    {
        Console.Error.WriteLine(line);
        return 1;
    }
}
