using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Billing.Api.Http;
using Billing.Catalogs;
using Billing.Engine.Committing;
using Billing.Generations;
using Billing.Reading;
using Microsoft.AspNetCore.Http;

namespace Billing.Api.Generations;

/// <summary><c>POST /generations/batch</c>: up to 1,000 generations, charged in one transaction.</summary>
public static class AdmitBatch
{
    public const string Route = "api/v1/generations/batch";

    public static readonly ApiEndpoint Endpoint = new("AdmitBatch", "POST", Route, Access.Service, HandleAsync)
    {
        Rate = RateCounting.WithDecision,
        OpensAccounts = true,
        MostBodyBytes = BodyReader.Many,
    };

    private const string AllOrNothing = "all_or_nothing";
    private const string BestEffort = "best_effort";

    private static async Task<IResult> HandleAsync(ApiRequest call)
    {
        if (!call.Caller.IsCustomer)
        {
            return call.Refuse(Pricing.NoCustomer());
        }

        var mode = call.Body.OneOf("mode", [AllOrNothing, BestEffort], required: false) ?? AllOrNothing;
        if (!(await call.WorkspaceAsync(call.Body.WorkspaceId()).ConfigureAwait(false)).TryGet(out var workspaceId, out _))
        {
            return call.Refuse(call.Body.Mistakes.Refusal() ?? Refusal.NotFound("workspace"));
        }

        var apart = mode == BestEffort;
        var bodies = apart ? call.Body.ObjectsApart("items", "item", Admit.MostItems) : call.Body.Objects("items", Admit.MostItems);
        ImmutableArray<(ObjectReader Body, NamedQuote Quoted)> asked = [.. bodies.Select(body => (body, NamedQuote.In(body, call.Backend.Quotes)))];
        var catalog = await OwnTemplates.AddAsync(call, call.Backend.Catalogs[call.Caller.Product!], workspaceId, asked).ConfigureAwait(false);
        ImmutableArray<GenerationRequest> items = [.. asked.Select(item => GenerationRequest.Read(item.Body, catalog, item.Quoted))];
        foreach (var item in items.Where(item => item.WorkspaceId is not null))
        {
            item.Body.Reject("workspace_id", "a batch is for one workspace; name it beside items");
        }

        if (call.Body.Refusal() is { } mistakes)
        {
            return call.Refuse(mistakes);
        }

        ImmutableArray<AdmitItem?> priced = [.. items.Select(item => item.Body.Mistakes.Any ? null : item.Price(catalog, workspaceId, call.Now))];
        if (call.Body.Refusal() is { } unpriced)
        {
            return call.Refuse(unpriced);
        }

        // What is wrong with an item of a best-effort batch is told in its own place; the others are admitted without it.
        ImmutableArray<Refusal?> invalid = [.. items.Select(item => apart ? item.Body.Mistakes.Refusal() : null)];
        ImmutableArray<AdmitItem> wanted = [.. priced.OfType<AdmitItem>()];
        var command = new Admit(call.NewKey(), wanted, AllOrNothing: mode == AllOrNothing, call.Caller.TestMode) { Batch = true };
        return await Admitting.DecideAsync(call, workspaceId, command, admitted => Reply(call, admitted, mode, command, invalid)).ConfigureAwait(false);
    }

    private static Reply Reply(ApiRequest call, Admitted admitted, string mode, Admit command, ImmutableArray<Refusal?> invalid)
    {
        var decided = new Queue<AdmittedItem>(admitted.Items);
        var generations = admitted.Items.Where(item => item.Generation is not null).Select(item => ChargedView.Of(item.Generation!)).ToList();
        var units = generations.Sum(charged => charged.OverageUnits);
        var view = new BatchView(
            Ids.Of("batch", admitted.Workspace.WorkspaceId, command.Key),
            mode,
            new ChargedView(
                generations.Aggregate(Credits.Zero, (sum, charged) => sum + charged.Credits),
                units,
                generations.FirstOrDefault(charged => charged.Overage is not null)?.Overage?.Times(units)),
            admitted.Workspace.Balance,
            admitted.Workspace.WorkspaceId,
            command.TestMode,
            admitted.Entitlements,
            [.. invalid.Select((mistake, index) => BatchResult.Of(call, index, mistake is null ? decided.Dequeue() : new AdmittedItem(null, mistake)))]);
        return new Reply(generations.Count > 0 ? StatusCodes.Status201Created : StatusCodes.Status200OK, ApiJson.Write(view));
    }
}

/// <summary>The answer of <c>POST /generations/batch</c>.</summary>
/// <param name="Id"><c>batch_…</c>, as the ledger names it.</param>
/// <param name="Mode">As asked.</param>
/// <param name="Charged">All items together.</param>
/// <param name="Credits">Credits left.</param>
/// <param name="WorkspaceId">Whose it is.</param>
/// <param name="TestMode">True for test keys.</param>
/// <param name="Entitlements">What the plan grants them.</param>
/// <param name="Results">One for each item, in order.</param>
public sealed record BatchView(
    string Id,
    string Mode,
    ChargedView Charged,
    Credits Credits,
    string WorkspaceId,
    bool TestMode,
    ImmutableSortedDictionary<string, Scalar> Entitlements,
    ImmutableArray<BatchResult> Results);

/// <summary>What became of one item: a generation, or the code and detail of its refusal.</summary>
public sealed record BatchResult(int Index, string Status)
{
    /// <summary><c>gen_…</c></summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Id { get; init; }

    /// <summary>Its price.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Credits? Cost { get; init; }

    /// <summary>What it was charged.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ChargedView? Charged { get; init; }

    /// <summary>When it expires unless it is settled.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>How the price came about.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ImmutableArray<PriceFactor>? Breakdown { get; init; }

    /// <summary>Why it was refused.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Code { get; init; }

    /// <summary>The same as a sentence.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Detail { get; init; }

    /// <summary>Field → what is wrong with it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ImmutableSortedDictionary<string, ImmutableArray<string>>? Errors { get; init; }

    /// <summary>What helps to cure it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ProblemData? Data { get; init; }

    internal static BatchResult Of(ApiRequest call, int index, AdmittedItem item) => item.Generation is { } generation
        ? new BatchResult(index, "running")
        {
            Id = generation.Id,
            Cost = generation.Cost,
            Charged = ChargedView.Of(generation),
            ExpiresAt = generation.ExpiresAt,
            Breakdown = generation.Breakdown,
        }
        : new BatchResult(index, "refused")
        {
            Code = item.Refusal!.Code,
            Detail = item.Refusal.Detail,
            Errors = item.Refusal.Errors,
            Data = ProblemData.Of(item.Refusal with { ActionUrl = call.Absolute(item.Refusal.ActionUrl) }, contact: null),
        };
}
