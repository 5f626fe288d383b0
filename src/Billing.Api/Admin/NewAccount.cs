using System.Globalization;
using Billing.Accounts;
using Billing.Api.Http;
using Billing.Subscriptions;
using Billing.Workspaces;

namespace Billing.Api.Admin;

/// <summary>An account that is to be opened with its personal workspace: once, however often and by however many it is asked for with the seller's id of it.</summary>
/// <param name="Plan">Null for the product's default.</param>
/// <param name="Credits">Monthly credits, for plans where they are chosen.</param>
internal sealed record NewAccount(string Product, string Name, string Email, string? ExternalId, string? Plan, Credits? Credits)
{
    /// <summary>What <see cref="Account.OpenedOn"/> begins with where an import opens the workspace.</summary>
    public const string Imported = "import:";

    /// <summary>Stores the account, or finds the one that was stored for the seller's id.</summary>
    /// <param name="request">The request.</param>
    /// <param name="own">Ids for it, should it be new.</param>
    /// <returns>The account that is stored; its workspace may still have to be opened.</returns>
    public async Task<Outcome<Account>> AddAsync(ApiRequest request, ExternalLink own)
    {
        var catalog = request.Backend.Catalogs[Product];
        if (!WorkspaceDecisions.Create(CommandFor(own), catalog, request.Now).TryGet(out _, out var refusal) && !await IsThereAsync(request).ConfigureAwait(false))
        {
            return refusal;
        }

        // The link comes first: a crash after it leaves ids that the next try goes on with.
        var link = ExternalId is null ? own : await request.Backend.Accounts.LinkAsync(Product, ExternalId, own, request.Cancellation).ConfigureAwait(false);
        return await request.Backend.Accounts.AddAsync(AsAsked(link, request.Now), request.Cancellation).ConfigureAwait(false);
    }

    /// <summary>Plan and credits as accounts keep them.</summary>
    public string OpenedOn => $"{Plan} {Credits}".Trim();

    /// <summary>What is asked for, as an account.</summary>
    public Account AsAsked(ExternalLink link, DateTimeOffset now) =>
        new(link.AccountId, Product, Name, Email, ExternalId, link.WorkspaceId, now) { OpenedOn = OpenedOn };

    /// <summary>Opens the workspace of a stored account, as it was asked for first, and lists the account.</summary>
    public static async Task<Outcome<Workspace>> OpenAsync(ApiRequest request, Account account)
    {
        if (account.OpenedOn?.StartsWith(Imported, StringComparison.Ordinal) == true)
        {
            return await request.Backend.Writer.ReadAsync(account.WorkspaceId, request.Cancellation).ConfigureAwait(false) is { } there
                ? new Outcome<Workspace>.AlreadyApplied(there)
                : Refusal.Conflict("The account is being imported; send its import again.");
        }

        var words = account.OpenedOn?.Split(' ') ?? [];
        var credits = words.Length > 1 && Billing.Credits.TryFrom(decimal.Parse(words[1], CultureInfo.InvariantCulture), out var chosen) ? chosen : (Credits?)null;
        var command = new OpenWorkspace(account.WorkspaceId, account.Product, account.Name, WorkspaceType.Personal, words is [{ Length: > 0 } plan, ..] ? plan : null, credits, account.AccountId);
        var opened = await request.Backend.Opener.OpenAsync(command, request.Cancellation).ConfigureAwait(false);
        if (opened is Outcome<Workspace>.Accepted { Value: var workspace })
        {
            await request.Backend.AccountIndex.AddAsync(ListedAccount.Of(account, workspace), request.Cancellation).ConfigureAwait(false);
        }

        return opened;
    }

    private OpenWorkspace CommandFor(ExternalLink link) => new(link.WorkspaceId, Product, Name, WorkspaceType.Personal, Plan, Credits, link.AccountId);

    /// <summary>True when the seller's id has its account: what is sold by now is no matter to whoever asks for it again.</summary>
    private async Task<bool> IsThereAsync(ApiRequest request) =>
        ExternalId is not null
        && await request.Backend.Accounts.FindLinkAsync(Product, ExternalId, request.Cancellation).ConfigureAwait(false) is { } link
        && await request.Backend.Accounts.FindAsync(link.AccountId, request.Cancellation).ConfigureAwait(false) is not null;
}
