using Billing.Benchmarks.Measuring;

namespace Billing.Benchmarks.Admits;

/// <summary>One warm admission alone beside one raw transaction of the same rows: by turns, so that whatever disturbs the machine disturbs both.</summary>
internal sealed class AloneMeasure(int pairs)
{
    public async Task<(Sample Raw, Sample Writer)> RunAsync(Stage stage, CommitShape shape)
    {
        var partition = await stage.Raw.OpenAsync(shape);
        var workspaceId = (await Customers.OpenAsync(stage.Storage)).WorkspaceId;
        await stage.Writer.AdmitAsync(workspaceId);
        await partition.CommitAsync(shape);
        var once = new ClosedLoop(1, 1, TimeSpan.MaxValue);
        var raw = new List<Sample>();
        var writer = new List<Sample>();
        for (var pair = 0; pair < pairs; pair++)
        {
            raw.Add(await once.MeasureAsync(null, (_, _) => partition.CommitAsync(shape), tidy: false));
            writer.Add(await once.MeasureAsync(stage.Storage.Meter, (_, _) => stage.Writer.AdmitAsync(workspaceId), tidy: false));
        }

        return (Sample.Of(raw) with { Commits = pairs }, Sample.Of(writer));
    }
}
