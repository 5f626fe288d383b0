using System.Diagnostics;

namespace Billing.Benchmarks.Measuring;

/// <summary>The disk that holds the temporary folder.</summary>
internal static class Disk
{
    private const int Page = 8_192;
    private const int Times = 100;

    /// <summary>How long it takes to write a page of PostgreSQL's size and to see it on the disk, in milliseconds; the middle one.</summary>
    public static double SyncMilliseconds()
    {
        var path = Path.GetTempFileName();
        using var file = File.OpenHandle(path, FileMode.Create, FileAccess.Write, options: FileOptions.DeleteOnClose, preallocationSize: Page * Times);
        var page = new byte[Page];
        return Enumerable.Range(0, Times).Select(number => TimeSync(file, page, number)).ToList().Median();
    }

    private static double TimeSync(Microsoft.Win32.SafeHandles.SafeFileHandle file, byte[] page, int number)
    {
        var began = Stopwatch.GetTimestamp();
        RandomAccess.Write(file, page, number * Page);
        RandomAccess.FlushToDisk(file);
        return Stopwatch.GetElapsedTime(began).TotalMilliseconds;
    }
}
