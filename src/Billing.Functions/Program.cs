using Billing.Catalogs;
using Billing.Functions;
using Billing.Storage;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

var builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
IHost app;
try
{
    builder.AddBillingFunctions();
    app = builder.Build();
    app.Services.GetRequiredService<StorageClients>();
}
catch (Exception wrong) when (wrong is SettingsException or CatalogException)
{
    await Console.Error.WriteLineAsync(wrong.Message);
    return 1;
}

await app.RunAsync();
return 0;
