using System.Runtime.InteropServices;

namespace Billing.Dev;

/// <summary>What infra/dev.cs was asked to do.</summary>
public static class DevelopmentCommand
{
    /// <summary>Does it until it is done or interrupted.</summary>
    /// <returns>The exit code: 0 when all went well.</returns>
    public static async Task<int> RunAsync(string[] arguments)
    {
        using var stop = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);

        try
        {
            return arguments switch
            {
                [] => await LocalRun.RunAsync(stop.Token),
                ["test", .. var options] => await TestRun.RunAsync(options, stop.Token),
                _ => Progress.Fail("Usage: dotnet run infra/dev.cs [-- test [options for dotnet test]]"),
            };
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return arguments is [] ? 0 : Progress.Fail("Interrupted.");
        }
        catch (Exception failure) when (failure is InvalidOperationException or HttpRequestException)
        {
            return Progress.Fail(failure.Message);
        }

        void End(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Cancel();
        }
    }
}
