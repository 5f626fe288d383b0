using System.Collections.Immutable;
using Billing.Generations;
using Billing.Tests.Workspaces;
using static Billing.Tests.Workspaces.LiveWorkspace;

namespace Billing.Tests.Generations;

/// <summary>Many settlements of a workspace: stored together, decided each alone.</summary>
public sealed class SettlePortionTests
{
    [Fact]
    public void Each_is_decided_alone_and_in_order()
    {
        var workspace = Of("bluma", plan: "starter");
        var ids = Accepted(workspace.TryBatch(allOrNothing: true, 10, 20, 30)).Items.Select(item => item.Generation!.Id).ToList();
        var outcomes = Decide(workspace, new Complete(ids[0], null), new Fail(ids[1], "server_error"), new Fail(ids[0], "server_error"), new Complete(ids[0], null), new Complete(ids[2], 5), new Complete("gen_x", null));
        Assert.Equal([null, null, RefusalCodes.AlreadySettled, null, RefusalCodes.InvalidRequest, RefusalCodes.NotFound], outcomes.Select(CodeOf));
        Assert.IsType<Outcome<Settled>.AlreadyApplied>(outcomes[3]);
        Assert.Equal([GenerationStatus.Completed, GenerationStatus.Failed, GenerationStatus.Running], ids.Select(id => workspace.Generation(id).Status));
        Assert.Equal((60, 1), (workspace.CarryOutRefunds().Balance, workspace.Account.Running));
    }

    [Fact]
    public void What_the_caller_may_not_settle_is_not_there_for_it()
    {
        var workspace = Of("bluma", plan: "starter");
        var id = Accepted(workspace.TryBatch(allOrNothing: true, 10)).Items[0].Generation!.Id;
        Assert.Equal([RefusalCodes.NotFound], Decide(workspace, [new Complete(id, null)], fits: _ => false).Select(CodeOf));
        Assert.Equal(1, workspace.Account.Running);
    }

    [Fact]
    public void A_thousand_of_a_batch_are_portions_of_few_rows_in_their_order()
    {
        var commands = Enumerable.Range(0, 1_000).Select(index => new Complete($"{Id.Replace("ws", "gen", StringComparison.Ordinal)}0001g5wz0-{index}", null)).ToList();
        var portions = SettlePortion.Of(commands);
        Assert.Equal(commands, portions.SelectMany(portion => portion.Commands));
        Assert.Equal([0, .. portions.SelectMany(portion => portion.Rows).Select(RowIn).Distinct().Skip(1)], portions.SelectMany(portion => portion.Rows).Select(RowIn).Distinct());
        Assert.InRange(portions.Length, 2, 21);
        Assert.All(portions, portion => Assert.InRange(portion.MostRows, 1, 52));
        Assert.All(portions, portion => Assert.InRange(portion.Rows.Length, 1, 3));
    }

    [Fact]
    public void Those_that_were_admitted_alone_stand_in_as_many_rows()
    {
        var portions = SettlePortion.Of(Enumerable.Range(0, 60).Select(number => new Fail($"gen_0123456789abcdef0001g5wz{number:d2}", "server_error")));
        Assert.Equal([26, 26, 8], portions.Select(portion => portion.Commands.Length));
        Assert.All(portions, portion => Assert.Equal(portion.Commands.Length, portion.Rows.Length));
    }

    [Fact]
    public void A_portion_has_halves_until_one_is_left()
    {
        var portion = SettlePortion.Of(Enumerable.Range(0, 27).Select(index => new Complete($"gen_0123456789abcdef0001g5wz0-{index}", null))).Single();
        var (first, second) = portion.Halves()!.Value;
        Assert.Equal(portion.Commands.Select(one => one.Id), first.Commands.Concat(second.Commands).Select(one => one.Id));
        Assert.Equal((13, 1, 14, 2), (first.Commands.Length, first.Rows.Length, second.Commands.Length, second.Rows.Length));
        Assert.Null(SettlePortion.Of([portion.Commands[0]]).Single().Halves());
    }

    private static int RowIn(string key) => key.Split('-') is [_, var row] ? int.Parse(row, System.Globalization.CultureInfo.InvariantCulture) : 0;

    private static string? CodeOf(Outcome<Settled> outcome) => (outcome as Outcome<Settled>.Declined)?.Refusal.Code;

    private static ImmutableArray<Outcome<Settled>> Decide(LiveWorkspace workspace, params ImmutableArray<Settle> commands) => Decide(workspace, commands, fits: _ => true);

    private static ImmutableArray<Outcome<Settled>> Decide(LiveWorkspace workspace, ImmutableArray<Settle> commands, Func<Admission, bool> fits)
    {
        var portion = SettlePortion.Of(commands).Single();
        return Accepted<ImmutableArray<Outcome<Settled>>>(workspace.Decide<ImmutableArray<Outcome<Settled>>>(unit => portion.Decide(unit, workspace.Catalog, fits), portion.Rows));
    }
}
