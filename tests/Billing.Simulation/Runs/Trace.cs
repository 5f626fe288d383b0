using System.Globalization;
using Billing.Simulation.Storage;

namespace Billing.Simulation.Runs;

/// <summary>What happened, for people to read, and a number that tells two runs apart.</summary>
internal sealed class Trace(bool kept)
{
    private readonly List<string> _lines = [];

    /// <summary>Equal for runs in which the same things happened at the same times in the same order.</summary>
    public ulong Digest { get; private set; } = 14695981039346656037;

    public IReadOnlyList<string> Lines => _lines;

    /// <summary>A call to storage.</summary>
    public void Call(DateTimeOffset at, string who, CallKind kind, string what, Fault fault)
    {
        Add((ulong)at.Ticks);
        Add(who);
        Add(((ulong)kind << 8) | (ulong)fault);
        Add(what);
        if (kept)
        {
            Write(at, who, $"{kind} {what}{(fault == Fault.None ? "" : $"  ← {fault}")}");
        }
    }

    /// <summary>Anything else.</summary>
    public void Say(DateTimeOffset at, string who, string what)
    {
        Add((ulong)at.Ticks);
        Add(who);
        if (kept)
        {
            Write(at, who, what);
        }
    }

    private void Write(DateTimeOffset at, string who, string what) =>
        _lines.Add(string.Create(CultureInfo.InvariantCulture, $"{at:yyyy-MM-dd HH:mm:ss.ffffff}  {who,-4} {what}"));

    private void Add(string text)
    {
        foreach (var character in text)
        {
            Add(character);
        }
    }

    private void Add(ulong number)
    {
        unchecked
        {
            Digest = (Digest ^ number) * 1099511628211;
        }
    }
}
