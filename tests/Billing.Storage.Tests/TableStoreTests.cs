using Billing.Engine.Ports;

namespace Billing.Storage.Tests;

public sealed class TableStoreTests : TableStoreContract
{
    private StorageClients _losingAnswers = null!;
    private StorageClients _losingRequests = null!;

    protected override async Task<ITableStore> OpenAsync()
    {
        _losingAnswers = await TestStorage.ThroughAsync(Fault.AnswerLost());
        _losingRequests = await TestStorage.ThroughAsync(Fault.RequestLost());
        return new TableStore(await TestStorage.Clients);
    }

    protected override ITableStore LosingAnswers() => new TableStore(_losingAnswers);

    protected override ITableStore LosingRequests() => new TableStore(_losingRequests);
}
