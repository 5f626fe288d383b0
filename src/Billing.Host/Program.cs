using Billing.Api;
using Billing.Catalogs;
using Billing.Host;
using Billing.Storage;
using Billing.Telemetry;

var builder = WebApplication.CreateBuilder(args);
if (builder.Configuration["urls"] is null && builder.Configuration["Kestrel:Endpoints"] is null)
{
    builder.WebHost.UseUrls("http://localhost:7071");
}

builder.WebHost.ConfigureKestrel(RequestBounds.Set);
WebApplication app;
try
{
    builder.Services.AddBilling(builder.Configuration, builder.Environment.IsDevelopment());
    builder.Services.AddBackgroundWork();
    builder.AddCollector();
    builder.AddAzureMonitor();
    app = builder.Build();
    app.MapBilling();
    app.Services.GetRequiredService<StorageClients>();
}
catch (Exception wrong) when (wrong is SettingsException or CatalogException)
{
    await Console.Error.WriteLineAsync(wrong.Message);
    return 1;
}

await app.RunAsync();
return 0;
