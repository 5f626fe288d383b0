using System.Globalization;

namespace Billing.Benchmarks;

internal enum BenchmarkKind
{
    Admit,
    Sweeps,
    Soak,
    Rivals,
    Worker,
    All,
}

/// <summary>What the command line asks for.</summary>
internal sealed record BenchmarkOptions
{
    public const string Usage = """
        dotnet run --project tests/Billing.Benchmarks -c Release -- [admit | sweeps | soak | rivals | worker | all] [options]
          --workspaces N   largest number of workspaces of the sweeps (100000)
          --rounds N       rounds of the admit measures, of the rivals and of the worker (5)
          --seconds N      longest time of one admit measure (5); the rivals and the worker may take four times as long
          --admits N       admits of one load of the rivals and of the worker (3000)
          --before PATH    a Billing.Host.dll of an older build, to be measured beside this one's among the rivals; of the worker, the folder it was published to
          --worker PATH    the folder that this build's Functions worker was published to; without it, it is published first
          --minutes N      length of the soak (10)
          --rate N         admits a second of the soak (200)
          --hosts-only     the rivals without the rivals: the Host, and the older build's
          --quick          small sizes, to see that everything works
          --no-http        without the Host
          --write          writes the results to docs/benchmarks.md and docs/*.svg
        """;

    public BenchmarkKind Kind { get; init; } = BenchmarkKind.All;

    public int Workspaces { get; init; } = 100_000;

    public int Rounds { get; init; } = 5;

    public int Seconds { get; init; } = 5;

    public int Admits { get; init; } = 3_000;

    public int Minutes { get; init; } = 10;

    public int Rate { get; init; } = 200;

    public bool Quick { get; init; }

    public bool Http { get; init; } = true;

    public bool Write { get; init; }

    public bool HostsOnly { get; init; }

    /// <summary>Null when nothing is compared with an older build.</summary>
    public string? Before { get; init; }

    /// <summary>Null when the worker is to be published first.</summary>
    public string? Worker { get; init; }

    /// <summary>Null when the arguments say something else.</summary>
    public static BenchmarkOptions? Parse(string[] arguments)
    {
        var options = new BenchmarkOptions();
        for (var i = 0; i < arguments.Length; i++)
        {
            var text = i + 1 < arguments.Length ? arguments[i + 1] : "";
            var next = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
            if (Flag(options, arguments[i]) is { } flagged)
            {
                options = flagged;
            }
            else if (text.Length > 0 && Place(options, arguments[i], text) is { } placed)
            {
                options = placed;
                i++;
            }
            else if (next > 0 && Number(options, arguments[i], next) is { } numbered)
            {
                options = numbered;
                i++;
            }
            else
            {
                return null;
            }
        }

        return options.Quick ? options with { Workspaces = Math.Min(options.Workspaces, 2_000), Rounds = Math.Min(options.Rounds, 2) } : options;
    }

    public bool Runs(BenchmarkKind kind) => Kind == kind || Kind == BenchmarkKind.All;

    /// <summary>A size, a tenth of it when everything is small.</summary>
    public int Sized(int size) => Quick ? Math.Max(1, size / 10) : size;

    private static BenchmarkOptions? Flag(BenchmarkOptions options, string name) => name switch
    {
        "admit" => options with { Kind = BenchmarkKind.Admit },
        "sweeps" => options with { Kind = BenchmarkKind.Sweeps },
        "soak" => options with { Kind = BenchmarkKind.Soak },
        "rivals" => options with { Kind = BenchmarkKind.Rivals },
        "worker" => options with { Kind = BenchmarkKind.Worker },
        "all" => options with { Kind = BenchmarkKind.All },
        "--quick" => options with { Quick = true },
        "--hosts-only" => options with { HostsOnly = true },
        "--no-http" => options with { Http = false },
        "--write" => options with { Write = true },
        _ => null,
    };

    private static BenchmarkOptions? Place(BenchmarkOptions options, string name, string path) => name switch
    {
        "--before" => options with { Before = Path.GetFullPath(path) },
        "--worker" => options with { Worker = Path.GetFullPath(path) },
        _ => null,
    };

    private static BenchmarkOptions? Number(BenchmarkOptions options, string name, int value) => name switch
    {
        "--workspaces" => options with { Workspaces = value },
        "--rounds" => options with { Rounds = value },
        "--seconds" => options with { Seconds = value },
        "--admits" => options with { Admits = value },
        "--minutes" => options with { Minutes = value },
        "--rate" => options with { Rate = value },
        _ => null,
    };
}
