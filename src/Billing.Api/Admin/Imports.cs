using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Serialization;
using Billing.Accounts;
using Billing.Api.Http;
using Billing.Engine.Audits;
using Billing.Reading;
using Billing.Subscriptions;
using Billing.Workspaces;
using Microsoft.AspNetCore.Http;

namespace Billing.Api.Admin;

/// <summary><c>POST /admin/imports</c>: customers of another system, each with the anniversary and the credits that it has there. A row has its effect once per seller's id, whatever crashes.</summary>
public static class Imports
{
    public const string Route = "api/v1/admin/imports";

    public static readonly ApiEndpoint Endpoint = new("ImportAccounts", "POST", Route, Access.Operator, HandleAsync) { MostBodyBytes = BodyReader.Many, RepeatsByState = true };

    private const int MostRows = 1_000;
    private const int AtOnce = 16;

    private static async Task<IResult> HandleAsync(ApiRequest request)
    {
        var dryRun = request.Body.Flag("dry_run");
        var bodies = request.Body.ObjectsApart("rows", "row", MostRows);
        if (request.Body.Refusal() is { } mistakes)
        {
            return request.Refuse(mistakes);
        }

        ImmutableArray<ImportRow> rows = [.. bodies.Select(body => ImportRow.Read(body, request))];
        var twice = rows.Index().GroupBy(row => (row.Item.Account.Product, row.Item.Account.ExternalId)).SelectMany(same => same.Skip(1)).Select(row => row.Index).ToHashSet();
        var results = new ImportResult[rows.Length];
        foreach (var some in rows.Index().Chunk(AtOnce))
        {
            await Task.WhenAll(some.Select(async one => results[one.Index] = twice.Contains(one.Index) && one.Item.Mistakes is null
                ? ImportResult.Refused(one.Index, one.Item, Refusal.Conflict("The rows name this external_id twice."))
                : await one.Item.RunAsync(request, one.Index, dryRun).ConfigureAwait(false))).ConfigureAwait(false);
        }

        return JsonReply.Of(new ImportView(dryRun, ImportTotals.Of(results), [.. results], dryRun ? null : await AuditAsync(request, results).ConfigureAwait(false)));
    }

    private static async Task<ImportAudit> AuditAsync(ApiRequest request, IEnumerable<ImportResult> results)
    {
        var audit = new Audit(request.Backend.Store);
        var reports = new List<AuditReport>();
        foreach (var some in results.Select(result => result.WorkspaceId).OfType<string>().Chunk(AtOnce))
        {
            reports.AddRange((await Task.WhenAll(some.Select(id => audit.RunAsync(id, request.Cancellation))).ConfigureAwait(false)).OfType<AuditReport>());
        }

        return new ImportAudit(reports.Count, [.. reports.Where(report => !report.Differences.IsEmpty).Select(report => report.WorkspaceId)]);
    }
}

/// <summary>A row of an import as it was read.</summary>
/// <param name="Mistakes">What is wrong with it; null for nothing.</param>
internal sealed record ImportRow(
    NewAccount Account, DateTimeOffset? StartedAt, Credits? Credits, Credits? PlanCreditsLeft, ImmutableArray<ImportedGrant> Grants, Refusal? Mistakes)
{
    public static ImportRow Read(ObjectReader body, ApiRequest request)
    {
        var product = body.OneOf("product", [.. request.Backend.Catalogs.All.Select(catalog => catalog.Product)]) ?? "";
        var (externalId, name, email, plan) = (body.ExternalId(required: true) ?? "", body.AccountName() ?? "", body.Email(required: false) ?? "", body.Plan());
        var (startedAt, credits) = (body.Instant("started_at", required: false), NotNegative(body, "credits"));
        var left = NotNegative(body, "plan_credits_left");
        ImmutableArray<ImportedGrant> grants = [.. body.Objects("grants", ImportDecisions.MostGrants, required: false).Select(ReadGrant)];
        var account = new NewAccount(product, name, email, externalId, plan, null);
        return new ImportRow(account, startedAt, credits, left, grants, body.Refusal());
    }

    public async Task<ImportResult> RunAsync(ApiRequest request, int index, bool dryRun)
    {
        if (Mistakes is not null)
        {
            return ImportResult.Refused(index, this, Mistakes);
        }

        var former = await request.Backend.Accounts.FindLinkAsync(Account.Product, Account.ExternalId!, request.Cancellation).ConfigureAwait(false);
        var there = former is null ? null : await request.Backend.Accounts.FindAsync(former.AccountId, request.Cancellation).ConfigureAwait(false);
        if (there is not null && !IsOf(there))
        {
            return ImportResult.Refused(index, this, Conflict(there));
        }

        // What was imported stays so, whatever has ended or is sold no longer by now.
        if (there is not null && await request.Backend.Writer.ReadAsync(there.WorkspaceId, request.Cancellation).ConfigureAwait(false) is not null)
        {
            return Result(index, "unchanged", there, BroughtBy(there));
        }

        var link = former ?? AccountIds.New(request.Backend);
        var decided = ImportDecisions.Open(CommandFor(link), request.Backend.Catalogs[Account.Product], request.Now);
        return !decided.TryGet(out var unit, out var refusal) ? ImportResult.Refused(index, this, refusal)
            : dryRun ? Result(index, "created", null, unit.Workspace.Balance)
            : await StoreAsync(request, index, link, unit.Workspace.Balance).ConfigureAwait(false);
    }

    private async Task<ImportResult> StoreAsync(ApiRequest request, int index, ExternalLink own, Credits credits)
    {
        var link = await request.Backend.Accounts.LinkAsync(Account.Product, Account.ExternalId!, own, request.Cancellation).ConfigureAwait(false);
        var asked = Account.AsAsked(link, request.Now) with { OpenedOn = $"{Mark} {credits}" };
        var account = await request.Backend.Accounts.AddAsync(asked, request.Cancellation).ConfigureAwait(false);
        if (!IsOf(account))
        {
            return ImportResult.Refused(index, this, Conflict(account));
        }

        var outcome = await request.Backend.Opener.OpenAsync(CommandFor(link), request.Cancellation).ConfigureAwait(false);
        if (!outcome.TryGet(out var workspace, out var refusal))
        {
            return ImportResult.Refused(index, this, refusal);
        }

        request.Backend.ExternalIds.Forget(Account.ExternalId!);
        if (outcome is not Outcome<Workspace>.Accepted)
        {
            return Result(index, "unchanged", account, BroughtBy(account));
        }

        await request.Backend.AccountIndex.AddAsync(ListedAccount.Of(account, workspace), request.Cancellation).ConfigureAwait(false);
        return Result(index, "created", account, credits);
    }

    private static Refusal Conflict(Account account) => Refusal.Conflict($"There is an account with this external_id and other content already: {account.AccountId}.");

    private ImportResult Result(int index, string status, Account? account, Credits? credits) =>
        new(index, Account.ExternalId!, status) { AccountId = account?.AccountId, WorkspaceId = account?.WorkspaceId, Credits = credits };

    /// <summary>What an account keeps of the row that it came from: the same row again changes nothing, another one is refused.</summary>
    private string Mark => NewAccount.Imported + Ids.Digest(string.Join('\n', [
        Account.Plan ?? "", Text(StartedAt), $"{Credits}", $"{PlanCreditsLeft}", .. Grants.Select(grant => $"{grant.Credits} {Text(grant.ExpiresAt)} {grant.Paid?.AmountMinor} {grant.Paid?.Currency}")]));

    private bool IsOf(Account account) => account.OpenedOn?.Split(' ')[0] == Mark;

    /// <summary>The credits that the row brought when it was imported.</summary>
    private static Credits? BroughtBy(Account account) =>
        Billing.Credits.TryFrom(decimal.Parse(account.OpenedOn!.Split(' ')[1], CultureInfo.InvariantCulture), out var credits) ? credits : null;

    private ImportWorkspace CommandFor(ExternalLink link) =>
        new(link.WorkspaceId, Account.Product, Account.Name, link.AccountId, Account.Plan, StartedAt, Credits, PlanCreditsLeft, Grants);

    private static string Text(DateTimeOffset? at) => at is { } instant ? Instants.Text(instant) : "";

    private static ImportedGrant ReadGrant(ObjectReader body)
    {
        var grant = new ImportedGrant(body.Credits("credits") ?? default, body.Instant("expires_at", required: false), body.Money("paid", min: 0));
        body.RejectUnknown();
        return grant;
    }

    /// <summary>Credits, of which there may be none.</summary>
    private static Credits? NotNegative(ObjectReader body, string name) =>
        body.Peek(name) is { ValueKind: System.Text.Json.JsonValueKind.Number } element && element.TryGetDecimal(out var number) && number == 0
            ? body.Find(name, required: false) is null ? null : default(Credits)
            : body.Credits(name, required: false);
}

/// <summary>The answer of <c>POST /admin/imports</c>.</summary>
/// <param name="Audit">Of all workspaces that the rows name; null in a dry run.</param>
public sealed record ImportView(bool DryRun, ImportTotals Totals, ImmutableArray<ImportResult> Results, ImportAudit? Audit);

/// <summary>The rows together.</summary>
/// <param name="Credits">What those that were created or were there already brought with them.</param>
public sealed record ImportTotals(int Rows, int Created, int Unchanged, int Refused, Credits Credits)
{
    internal static ImportTotals Of(IReadOnlyCollection<ImportResult> results) => new(
        results.Count,
        results.Count(result => result.Status == "created"),
        results.Count(result => result.Status == "unchanged"),
        results.Count(result => result.Status == "refused"),
        results.Aggregate(Billing.Credits.Zero, (sum, result) => sum + (result.Credits ?? Billing.Credits.Zero)));
}

/// <summary>What became of a row.</summary>
/// <param name="Status"><c>created | unchanged | refused</c></param>
public sealed record ImportResult(int Index, string ExternalId, string Status)
{
    /// <summary>The account; absent in a dry run, and where it was refused.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? AccountId { get; init; }

    /// <summary>Its workspace.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? WorkspaceId { get; init; }

    /// <summary>The credits that the row brings.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Credits? Credits { get; init; }

    /// <summary>Why it was refused.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Code { get; init; }

    /// <summary>The same as a sentence.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Detail { get; init; }

    /// <summary>Field → what is wrong with it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ImmutableSortedDictionary<string, ImmutableArray<string>>? Errors { get; init; }

    internal static ImportResult Refused(int index, ImportRow row, Refusal refusal) =>
        new(index, row.Account.ExternalId!, "refused") { Code = refusal.Code, Detail = refusal.Detail, Errors = refusal.Errors };
}

/// <summary>The audit that an import ends with.</summary>
/// <param name="Workspaces">How many were audited.</param>
/// <param name="Failed">Those whose ledger and account differ.</param>
public sealed record ImportAudit(int Workspaces, ImmutableArray<string> Failed);
