using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Studio;

// A seller's web app: its users sign in to it, and know nothing of the billing backend behind it.
var builder = WebApplication.CreateBuilder(args);
var backend = new Uri(builder.Configuration["Billing:Address"] ?? "http://127.0.0.1:7071");
builder.Services.AddBillingClient(options =>
{
    options.BaseAddress = backend;
    options.ServiceKey = builder.Configuration["Billing:ServiceKey"] ?? "dev-service-key";
});

// Only what takes payments needs it: in a larger app that is another process.
builder.Services.AddBillingOperator(options =>
{
    options.BaseAddress = backend;
    options.OperatorKey = builder.Configuration["Billing:OperatorKey"] ?? "dev-operator-key";
});
builder.Services.AddSingleton<ImageGenerator>();
builder.Services.AddSingleton<Orders>();
builder.Services.AddSingleton<Shop>();
builder.Services.AddAuthorization();
builder.Services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie(options => options.Events.OnRedirectToLogin = context =>
{
    context.Response.StatusCode = StatusCodes.Status401Unauthorized;
    return Task.CompletedTask;
});
var app = builder.Build();
app.UseAuthentication();
app.UseAuthorization();

app.MapGet("/", () => Results.Content(Page.Html, "text/html; charset=utf-8"));

// A real app has a password here, or somebody else's sign-in; to billing it is the id alone that matters.
app.MapPost("/sign-up", async (HttpContext http) =>
{
    var userId = $"user-{Guid.NewGuid():N}";
    await http.SignInAsync(new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, userId)], CookieAuthenticationDefaults.AuthenticationScheme)));
    return Results.Ok(new { user_id = userId });
});

app.MapPost("/images", async (ClaimsPrincipal user, Order order, Orders orders, CancellationToken cancellation) => Results.Ok(await orders.TakeAsync(IdOf(user), order, cancellation))).RequireAuthorization();
app.MapGet("/credits", async (ClaimsPrincipal user, Shop shop, CancellationToken cancellation) => Results.Ok(new { credits = await shop.CreditsOfAsync(IdOf(user), cancellation) })).RequireAuthorization();
app.MapPost("/credits", async (ClaimsPrincipal user, Purchase purchase, Shop shop, CancellationToken cancellation) =>
    Results.Ok(new { credits = await shop.SellAsync(IdOf(user), purchase, cancellation) })).RequireAuthorization();
app.Run();

static string IdOf(ClaimsPrincipal user) => user.FindFirstValue(ClaimTypes.NameIdentifier)!;
