using Billing.Api;
using Billing.Host;
using Billing.Telemetry;

var builder = WebApplication.CreateBuilder(args);
if (builder.Configuration["urls"] is null && builder.Configuration["Kestrel:Endpoints"] is null)
{
    builder.WebHost.UseUrls("http://localhost:7071");
}

builder.WebHost.ConfigureKestrel(RequestBounds.Set);
builder.Services.AddBilling(builder.Configuration, builder.Environment.IsDevelopment());
builder.Services.AddBackgroundWork();
builder.AddCollector();
builder.AddAzureMonitor();

var app = builder.Build();
app.MapBilling();
await app.RunAsync();
