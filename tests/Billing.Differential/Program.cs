using System.Globalization;
using Billing.Differential;

// Billing.Differential [--runs 20] [--steps 500] [--first 1]: plays the product against the model, over HTTP, and stops at the first difference.
// The last line is then its seed, a tab and what it was.
var options = args.Chunk(2).ToDictionary(pair => pair[0], pair => int.Parse(pair[1], CultureInfo.InvariantCulture));
var (first, runs, steps) = (options.GetValueOrDefault("--first", 1), options.GetValueOrDefault("--runs", 20), options.GetValueOrDefault("--steps", 500));
for (var seed = first; seed < first + runs; seed++)
{
    try
    {
        await Run.PlayAsync(seed, steps);
    }
    catch (DifferenceException difference)
    {
        Console.WriteLine($"{difference.Message}\n{seed}\t{difference.Message.Split('\n')[0].Replace('\t', ' ')}");
        return 1;
    }
}

Console.WriteLine($"{runs} runs of {steps} steps: product and model agree.");
return 0;
