using System.Collections.Immutable;
using Billing.Api.Http;
using Billing.Engine.Committing;
using Billing.Engine.Ports;
using Billing.Engine.Rows;
using Billing.Overage;
using Microsoft.AspNetCore.Http;

namespace Billing.Api.Admin;

/// <summary><c>GET /admin/workspaces/{id}/invoices</c>: the overage invoices, newest first.</summary>
public static class ListInvoices
{
    public const string Route = "api/v1/admin/workspaces/{id}/invoices";

    public static readonly ApiEndpoint Endpoint = new("ListInvoices", "GET", Route, Access.Operator, HandleAsync);

    private const int Most = 600; // 50 years

    private static Task<IResult> HandleAsync(ApiRequest request) => Ids.IsWellFormed("ws", request.Route("id"))
        ? AnswerAsync(request, request.Route("id"))
        : Task.FromResult(request.Refuse(Refusal.NotFound("workspace")));

    /// <summary>The invoices of a workspace that the caller may see.</summary>
    internal static async Task<IResult> AnswerAsync(ApiRequest request, string id)
    {
        // Catching up closes a month that has ended, so that a late timer is never visible.
        if (await request.Backend.Writer.SubmitAsync(id, CatchUp.Work).ConfigureAwait(false) is null)
        {
            return request.Refuse(Refusal.NotFound("workspace"));
        }

        var list = await request.Backend.Store.ListAsync(
            new Partition(Table.Ledger, id), KeyRange.StartingWith(Invoice.Prefix), Most, request.Cancellation).ConfigureAwait(false);
        return JsonReply.Of(new InvoicesView([.. list.Rows.Select(row => InvoiceView.Of(RowJson.Read<Invoice>(row.Data))).Reverse()]));
    }
}

/// <summary>The answer of <c>GET /admin/workspaces/{id}/invoices</c>.</summary>
public sealed record InvoicesView(ImmutableArray<InvoiceView> Invoices);

/// <summary>An invoice as operators see it.</summary>
public sealed record InvoiceView(string Month, ImmutableArray<InvoiceLineView> Lines, long Units, Money Credit, Money Total, DateTimeOffset CreatedAt)
{
    internal static InvoiceView Of(Invoice invoice) => new(
        invoice.Month,
        [.. invoice.Lines.Select(line => new InvoiceLineView(line.Plan, line.Units, line.UnitPrice, line.UnitPrice.Times(line.Units)))],
        invoice.Lines.Sum(line => line.Units),
        invoice.Credit,
        invoice.Total,
        invoice.CreatedAt);
}

/// <summary>Overage units of one plan at one price.</summary>
public sealed record InvoiceLineView(string Plan, long Units, Money UnitPrice, Money Amount);
