namespace Billing.Storage.Tests;

public sealed class TableLedgerTests : LedgerContract
{
    private StorageClients _losingAnswers = null!;
    private StorageClients _losingRequests = null!;

    protected override async Task<ILedger> OpenAsync()
    {
        _losingAnswers = await TestStorage.ThroughAsync(Fault.AnswerLost());
        _losingRequests = await TestStorage.ThroughAsync(Fault.RequestLost());
        return new TableLedger(await TestStorage.Clients);
    }

    protected override ILedger LosingAnswers() => new TableLedger(_losingAnswers);

    protected override ILedger LosingRequests() => new TableLedger(_losingRequests);
}
