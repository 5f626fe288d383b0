using System.Collections.Immutable;
using System.Reflection;
using System.Text.RegularExpressions;
using Billing.Api.Http;
using Billing.Engine.Due;
using Billing.Testing;

namespace Billing.Api.Tests.Drift;

/// <summary>A trigger of the Functions app, as its source says it.</summary>
/// <param name="Name">The function's.</param>
/// <param name="Kind">Http, Timer or Queue.</param>
/// <param name="Arguments">Of the trigger's attribute; constants stand as their values.</param>
/// <param name="Body">The expression that it hands over to.</param>
public sealed record Trigger(string Name, string Kind, ImmutableArray<string> Arguments, string Body)
{
    /// <summary>The route of an HTTP trigger.</summary>
    public string Route => Arguments.Single(argument => argument.StartsWith("Route = ", StringComparison.Ordinal))["Route = ".Length..];

    /// <summary>The methods of an HTTP trigger; none means all.</summary>
    public IEnumerable<string> Methods => Arguments.Skip(1).Where(argument => !argument.Contains('=')).Select(method => method.ToUpperInvariant());

    /// <summary>The schedule or the queue of another trigger.</summary>
    public string Subject => Arguments[0];

    /// <summary>The first queue that the body names.</summary>
    public string NamedQueue => FunctionsSource.Value(Regex.Match(Body, @"Queues\.\w+").Value);

    /// <summary>The first endpoint that the body names.</summary>
    public ApiEndpoint Endpoint => Regex.Matches(Body, @"(\w+)\.(\w+)").Select(match => FunctionsSource.EndpointOf(match.Groups[1].Value, match.Groups[2].Value)).OfType<ApiEndpoint>().First();
}

/// <summary>The Functions app's triggers, read from their source text: what the worker is told and what a trigger's body hands over to are seen side by side.</summary>
internal static partial class FunctionsSource
{
    private static readonly string Folder = Path.Combine(Repository.Root, "src", "Billing.Functions");

    private static readonly ImmutableArray<string> Files =
    [
        .. Directory.EnumerateFiles(Folder, "*.cs", SearchOption.AllDirectories)
            .Where(file => !Path.GetRelativePath(Folder, file).Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj"))
            .Select(File.ReadAllText),
    ];

    /// <summary>Every trigger.</summary>
    public static readonly ImmutableArray<Trigger> Triggers = [.. Files.SelectMany(Read)];

    /// <summary>How often the word <c>Function</c> stands in brackets: what <see cref="Triggers"/> must not miss.</summary>
    public static int Attributes => Files.Sum(text => FunctionAttribute().Count(text));

    public static IEnumerable<Trigger> Of(string kind) => Triggers.Where(trigger => trigger.Kind == kind);

    /// <summary>The value of a constant expression: literals and constants, joined by +.</summary>
    public static string Value(string expression) => string.Concat(expression.Split(" + ").Select(Term));

    public static ApiEndpoint? EndpointOf(string type, string field) => InApi(type, field) as ApiEndpoint;

    private static IEnumerable<Trigger> Read(string text) => FunctionMethod().Matches(text).Select(match => new Trigger(
        match.Groups["name"].Value,
        match.Groups["kind"].Value,
        [.. match.Groups["arguments"].Value.Split(", ").Select(Argument)],
        match.Groups["body"].Value));

    private static string Argument(string text) => text.Split(" = ") is [var name, var value] ? $"{name} = {Value(value)}" : Value(text);

    private static string Term(string term) => term.StartsWith('"') ? term.Trim('"')
        : term.Split('.') is not [var type, var name] ? throw new InvalidDataException($"'{term}' is no constant.")
        : type switch
        {
            nameof(Queues) => Constant(typeof(Queues), name),
            nameof(Schedules) => Constant(typeof(Schedules), name),
            "AuthorizationLevel" => term,
            _ => InApi(type, name) as string ?? ConstantIn(type, name),
        };

    // A constant or an endpoint of the API.
    private static object? InApi(string type, string field) => typeof(EndpointTable).Assembly.GetTypes()
        .Where(candidate => candidate.Name == type)
        .Select(candidate => candidate.GetField(field, BindingFlags.Public | BindingFlags.Static)?.GetValue(null))
        .FirstOrDefault(value => value is not null);

    private static string Constant(Type type, string name) => (string)type.GetField(name)!.GetRawConstantValue()!;

    // A constant of the Functions app itself.
    private static string ConstantIn(string type, string name) => Files.Where(text => Regex.IsMatch(text, $@"class {type}\b"))
        .Select(text => Regex.Match(text, $@"const \w+ {name} = ""?([^"";]+)""?;")).Single(match => match.Success).Groups[1].Value;

    [GeneratedRegex(@"\[Function\(")]
    private static partial Regex FunctionAttribute();

    [GeneratedRegex("""\[Function\("(?<name>\w+)"\)\]\s*public Task(<IResult>)? \w+\(\[(?<kind>\w+)Trigger\((?<arguments>(?:"[^"]*"|[^"()])*)\)\] [^)]*\) =>\s*(?<body>[^;]+);""")]
    private static partial Regex FunctionMethod();
}
