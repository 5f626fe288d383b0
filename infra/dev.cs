#:property PublishAot=false
#:project Billing.Dev/Billing.Dev.csproj

// dotnet run infra/dev.cs                    starts storage, the API and a demo workspace per product; Ctrl+C ends them
// dotnet run infra/dev.cs -- test [options]  runs every test; options go to `dotnet test`, e.g. --filter Renewal

return await Billing.Dev.DevelopmentCommand.RunAsync(args);
