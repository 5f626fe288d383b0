using System.Diagnostics;
using System.Globalization;

namespace Billing.Benchmarks.Measuring;

/// <summary>Says every two seconds how far a long step has come.</summary>
internal sealed class Progress(string step, int total)
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(2);
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private readonly Lock _gate = new();
    private TimeSpan _said;
    private int _done;

    public void Advance(int by)
    {
        lock (_gate)
        {
            _done += by;
            if (_watch.Elapsed - _said >= Every)
            {
                Say();
                _said = _watch.Elapsed;
            }
        }
    }

    public void End()
    {
        lock (_gate)
        {
            Say();
        }
    }

    private void Say() => Console.Error.WriteLine(string.Create(
        CultureInfo.InvariantCulture, $"{step}: {_done:n0} of {total:n0}, {_done / _watch.Elapsed.TotalSeconds:n0}/s"));
}
