namespace Billing.Simulation.Time;

/// <summary>Random numbers that are the same for a seed on every machine and runtime (SplitMix64).</summary>
internal sealed class Dice(ulong seed)
{
    private ulong _state = seed;

    /// <summary>64 random bits.</summary>
    public ulong Next()
    {
        unchecked
        {
            _state += 0x9E3779B97F4A7C15;
            return Mix(_state);
        }
    }

    /// <summary>From 0 to <paramref name="count"/> − 1.</summary>
    public int Below(int count) => (int)(Next() % (ulong)count);

    /// <summary>From <paramref name="least"/> to <paramref name="most"/>.</summary>
    public int Between(int least, int most) => least + Below(most - least + 1);

    /// <summary>True this often in a thousand.</summary>
    public bool Chance(int permille) => Below(1000) < permille;

    /// <summary>One of these.</summary>
    public T Pick<T>(IReadOnlyList<T> these) => these[Below(these.Count)];

    /// <summary>A span between two others.</summary>
    public TimeSpan Between(TimeSpan least, TimeSpan most) => least + new TimeSpan((long)(Next() % (ulong)((most - least).Ticks + 1)));

    /// <summary>Random bytes.</summary>
    public byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        for (var i = 0; i < count; i++)
        {
            bytes[i] = (byte)Below(256);
        }

        return bytes;
    }

    /// <summary>Dice of their own for something that has a number: what others roll does not change them.</summary>
    public static Dice For(ulong seed, ulong number)
    {
        unchecked
        {
            return new Dice(Mix(seed ^ Mix(number + 0xD1B54A32D192ED03)));
        }
    }

    private static ulong Mix(ulong value)
    {
        unchecked
        {
            value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
            value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
            return value ^ (value >> 31);
        }
    }
}
