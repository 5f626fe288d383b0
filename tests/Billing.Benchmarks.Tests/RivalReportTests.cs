using Billing.Benchmarks.Measuring;
using Billing.Benchmarks.Rivals;

namespace Billing.Benchmarks.Tests;

public class RivalReportTests
{
    [Fact]
    public void A_ratio_is_the_middle_one_of_the_rounds_not_that_of_the_middles()
    {
        var board = new RivalBoard();
        foreach (var (mine, theirs) in new[] { (1, 10), (20, 2), (6, 3) })
        {
            board.Add("load", "mine", Turn(mine, 1, 1, 1));
            board.Add("load", "theirs", Turn(theirs, 1, 1, 1));
        }

        Assert.Equal(2, board.Of("load", "mine").Against(board.Of("load", "theirs"), turn => turn.PerSecond), precision: 6);
        Assert.Equal(6, board.Of("load", "mine").Median(turn => turn.PerSecond), precision: 6);
    }

    [Fact]
    public void Figures_are_per_admit()
    {
        var turn = new Turn(new Sample(4, TimeSpan.FromSeconds(2), [1, 2, 3, 4]), TimeSpan.FromMilliseconds(8), TimeSpan.FromMilliseconds(2), 8_192);
        Assert.Equal((2, 2, 0.5, 2.5, 2), (turn.PerSecond, turn.ServerMilliseconds, turn.StorageMilliseconds, turn.AllMilliseconds, turn.AllocatedKiB));
    }

    [Fact]
    public void It_says_where_we_lose_and_only_there()
    {
        // Half the rate, a quarter of the processor time, three times the bytes.
        var text = Report((Candidate.Ours, Turn(100, 1, 1, 3_072)), (Candidate.Plain, Turn(200, 4, 4, 1_024))).Text;
        Assert.Contains("- To **plain**: admits/s with load (0.50 ×).", text);
        Assert.Contains("| plain | **0.50 ×** | 1.00 × | 1.00 × | 0.25 × | 0.25 × | 0.25 × | **3.00 ×** |", text);
    }

    [Fact]
    public void What_is_the_same_is_not_lost() => Assert.Contains(
        "- To **plain**: neither in admits/s nor in processor time.", Report((Candidate.Ours, Turn(100, 1, 1, 1_024)), (Candidate.Plain, Turn(100, 1, 1, 1_024))).Text);

    [Fact]
    public void Without_an_older_build_nothing_is_promised()
    {
        var section = Report((Candidate.Ours, Turn(100, 1, 1, 1_024)), (Candidate.Plain, Turn(100, 1, 1, 1_024)));
        Assert.Empty(section.Targets);
    }

    [Fact]
    public void Beside_an_older_build_each_target_is_of_its_own_load()
    {
        var board = new RivalBoard();
        foreach (var (load, mine) in new[] { (Load.Single, Turn(1, 1, 1, 1)), (Load.Few, Turn(1, 8, 1, 9)), (Load.Hot, Turn(2, 9, 9, 9)), (Load.Crowd, Turn(1, 9, 9, 9)) })
        {
            board.Add(load, Candidate.Ours, mine);
            board.Add(load, Candidate.Before, Turn(1, 10, 10, 10));
        }

        board.Promises[Candidate.Ours] = board.Promises[Candidate.Before] = new Promises(600, true);
        var section = RivalReport.Of(board, [Candidate.Ours, Candidate.Before], [Load.Single, Load.Few, Load.Hot, Load.Crowd], 1, "");
        Assert.Equal(["0.1 ×", "0.8 ×", "0.1 ×", "0.9 ×", "2 ×", "1 ×"], section.Targets.Select(target => target.Measured));
        Assert.Equal([true, false, true, false, true, false], section.Targets.Select(target => target.Met));
    }

    private static Reports.Section Report(params (string Name, Turn Turn)[] turns)
    {
        var board = new RivalBoard();
        foreach (var (name, turn) in turns)
        {
            board.Add("load", name, turn);
            board.Promises[name] = new Promises(600, name == Candidate.Ours);
        }

        return RivalReport.Of(board, [.. turns.Select(turn => turn.Name)], ["load"], 1, "");
    }

    private static Turn Turn(int perSecond, double server, double storage, long allocated) => new(
        new Sample(perSecond, TimeSpan.FromSeconds(1), [1.0]), TimeSpan.FromMilliseconds(server * perSecond), TimeSpan.FromMilliseconds(storage * perSecond), allocated * perSecond);
}
