using System.Runtime.ExceptionServices;

namespace Billing.Simulation.Time;

/// <summary>A thread for one run: without a synchronization context, which would take continuations elsewhere.</summary>
internal static class OwnThread
{
    /// <summary>Runs something there, and waits for it.</summary>
    public static T Run<T>(Func<T> run)
    {
        T? result = default;
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                result = run();
            }
#pragma warning disable CA1031 // the caller gets it
            catch (Exception exception)
#pragma warning restore CA1031
            {
                failure = ExceptionDispatchInfo.Capture(exception);
            }
        });
        thread.Start();
        thread.Join();
        failure?.Throw();
        return result!;
    }
}
