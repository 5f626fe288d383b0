using System.Globalization;
using System.Runtime.InteropServices;

namespace Billing.Benchmarks.Measuring;

/// <summary>The processor time of other processes, as Linux tells it.</summary>
internal static class ProcessorTime
{
    // USER_HZ, which every architecture that .NET runs on has at 100.
    private const long TicksPerSecond = 100;

    /// <summary>
    /// What one process has used, user and system, threads that have ended included. /proc tells the same, but in steps of 10 ms,
    /// which thirty processes that each do a little stay below.
    /// </summary>
    public static TimeSpan Of(int processId) =>
        Read(processId) ?? throw new InvalidOperationException($"Process {processId} is gone.");

    /// <summary>
    /// What a process has used together with those that it started. One that has ended meanwhile is in what its parent says of its children,
    /// once the parent has waited for it.
    /// </summary>
    public static TimeSpan OfTree(int processId)
    {
        var all = Directory.EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? ProcessStat.Read(id) : null)
            .OfType<ProcessStat>()
            .ToLookup(stat => stat.ParentId);
        var root = ProcessStat.Read(processId) ?? throw new InvalidOperationException($"Process {processId} is gone.");
        return Sum(root, all);
    }

    private static TimeSpan Sum(ProcessStat stat, ILookup<int, ProcessStat> children) =>
        children[stat.ProcessId].Aggregate((Read(stat.ProcessId) ?? TimeSpan.Zero) + stat.EndedChildren, (sum, child) => sum + Sum(child, children));

    private static TimeSpan? Read(int processId)
    {
        if (clock_getcpuclockid(processId, out var clock) != 0 || clock_gettime(clock, out var time) != 0)
        {
            return null;
        }

        return TimeSpan.FromSeconds(time.Seconds) + TimeSpan.FromTicks(time.Nanoseconds / TimeSpan.NanosecondsPerTick);
    }

    // As the C library names them.
#pragma warning disable IDE1006
    [DllImport("libc")]
    private static extern int clock_getcpuclockid(int processId, out int clock);

    [DllImport("libc")]
    private static extern int clock_gettime(int clock, out Timespec time);
#pragma warning restore IDE1006

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct Timespec
    {
        public readonly nint Seconds;
        public readonly nint Nanoseconds;
    }

    /// <summary>The fields of /proc/id/stat that are needed here.</summary>
    /// <param name="ProcessId">Whose they are.</param>
    /// <param name="ParentId">Who started it.</param>
    /// <param name="EndedChildren">That of its children which have ended and been waited for.</param>
    internal sealed record ProcessStat(int ProcessId, int ParentId, TimeSpan EndedChildren)
    {
        /// <summary>Null when there is no such process any more.</summary>
        public static ProcessStat? Read(int processId)
        {
            try
            {
                return Parse(File.ReadAllText($"/proc/{processId}/stat"));
            }
            catch (IOException)
            {
                return null;
            }
        }

        /// <summary>The second field is the program's name in parentheses, which may hold blanks and parentheses itself.</summary>
        public static ProcessStat Parse(string line)
        {
            var name = line.LastIndexOf(')');
            var rest = line[(name + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            return new ProcessStat(
                (int)Number(line[..line.IndexOf(' ', StringComparison.Ordinal)]),
                (int)Number(rest[1]),
                Time(Number(rest[13]) + Number(rest[14])));
        }

        private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);

        private static TimeSpan Time(long ticks) => TimeSpan.FromTicks(ticks * (TimeSpan.TicksPerSecond / TicksPerSecond));
    }
}
