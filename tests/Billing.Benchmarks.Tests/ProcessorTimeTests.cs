using System.Diagnostics;
using Billing.Benchmarks.Measuring;

namespace Billing.Benchmarks.Tests;

public class ProcessorTimeTests
{
    private static readonly TimeSpan Slack = TimeSpan.FromMilliseconds(150);

    [Fact]
    public void A_program_may_have_blanks_and_parentheses_in_its_name()
    {
        var stat = ProcessorTime.ProcessStat.Parse("4711 (post) gres: a (b)) S 42 4711 4711 0 -1 4194560 1 2 3 4 500 60 7000 800 20 0 1 0 99 1 2 3\n");
        Assert.Equal(new ProcessorTime.ProcessStat(4711, 42, TimeSpan.FromSeconds(78)), stat);
    }

    [Fact]
    public void A_process_is_told_what_it_has_used_itself()
    {
        var (before, own) = (ProcessorTime.Of(Environment.ProcessId), Environment.CpuUsage.TotalTime);
        Burn(TimeSpan.FromMilliseconds(400));
        var (told, used) = (ProcessorTime.Of(Environment.ProcessId) - before, Environment.CpuUsage.TotalTime - own);
        Assert.True(used >= TimeSpan.FromMilliseconds(300), $"{used}");
        Assert.InRange(told, used - Slack, used + Slack);
    }

    [Fact]
    public async Task A_child_counts_with_its_parent_while_it_runs_and_when_it_has_ended()
    {
        // Two of them, one below the other; the outer waits for the inner.
        var command = new ProcessStartInfo("sh", ["-c", "sh -c 'i=0; while [ $i -lt 400000 ]; do i=$((i+1)); done; echo worked; read line'; read line"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        using var parent = Process.Start(command)!;
        Assert.Equal("worked", await parent.StandardOutput.ReadLineAsync());
        var running = ProcessorTime.OfTree(parent.Id);
        Assert.True(running - ProcessorTime.Of(parent.Id) >= TimeSpan.FromMilliseconds(100), $"{running}");

        await parent.StandardInput.WriteLineAsync();
        await parent.StandardInput.FlushAsync();
        await Billing.Testing.Eventually.SeeAsync(() => Task.FromResult(Children(parent.Id)), count => count == 0);
        Assert.InRange(ProcessorTime.OfTree(parent.Id), running - TimeSpan.FromMilliseconds(20), running + Slack);

        parent.StandardInput.Close();
        await parent.WaitForExitAsync();
    }

    [Fact]
    public void A_process_that_is_gone_is_not_one_that_used_nothing()
    {
        using var gone = Process.Start("true");
        gone.WaitForExit();
        Assert.Throws<InvalidOperationException>(() => ProcessorTime.Of(gone.Id));
        Assert.Throws<InvalidOperationException>(() => ProcessorTime.OfTree(gone.Id));
    }

    private static int Children(int processId) => File.ReadAllText($"/proc/{processId}/task/{processId}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries).Length;

    private static void Burn(TimeSpan length)
    {
        var from = Environment.CpuUsage.TotalTime;
        while (Environment.CpuUsage.TotalTime - from < length)
        {
            Thread.SpinWait(1_000);
        }
    }
}
