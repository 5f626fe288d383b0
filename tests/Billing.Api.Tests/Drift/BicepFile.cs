using System.Collections.Immutable;
using Billing.Testing;

namespace Billing.Api.Tests.Drift;

/// <summary>A declaration of a Bicep file.</summary>
/// <param name="Kind">param, var, resource, module, output …</param>
/// <param name="Name">What the rest of the file calls it.</param>
/// <param name="Type">Of a parameter or output its type; of a resource or module the string that says what it is.</param>
/// <param name="Value">The tokens after the equals sign.</param>
internal sealed record BicepDeclaration(string Kind, string Name, string Type, ImmutableArray<BicepToken> Value)
{
    public bool HasDefault => !Value.IsEmpty;

    /// <summary>Names of the properties that stand directly in the object below <paramref name="property"/>, or in the value itself.</summary>
    public string[] KeysIn(string? property = null)
    {
        var start = property is null ? 0 : Enumerable.Range(0, Value.Length - 1).First(i => Value[i].Is(property) && Value[i + 1].Kind == ':') + 2;
        var keys = new List<string>();
        var depth = 0;
        for (var i = start; i < Value.Length; i++)
        {
            depth += Value[i].Kind is '{' or '[' or '(' ? 1 : Value[i].Kind is '}' or ']' or ')' ? -1 : 0;
            if (depth == 0)
            {
                break;
            }

            if (depth == 1 && BicepFile.IsKey(Value, i))
            {
                keys.Add(Value[i].Text);
            }
        }

        return [.. keys];
    }
}

/// <summary>A Bicep file by its declarations. Not a compiler: it finds what is missing, unused, misspelt or not closed.</summary>
internal sealed class BicepFile
{
    private static readonly string[] Kinds = ["targetScope", "using", "param", "var", "resource", "module", "output"];
    private static readonly string[] Keywords = ["true", "false", "null", "if", "for", "in", "existing"];

    private BicepFile(string path, ImmutableArray<BicepDeclaration> declarations) => (Path, Declarations) = (path, declarations);

    /// <summary>From the folder infra.</summary>
    public string Path { get; }

    public ImmutableArray<BicepDeclaration> Declarations { get; }

    public IEnumerable<BicepDeclaration> Of(string kind) => Declarations.Where(declaration => declaration.Kind == kind);

    public BicepDeclaration The(string kind, string name) => Of(kind).Single(declaration => declaration.Name == name);

    public static BicepFile Open(string path)
    {
        var tokens = BicepText.Cut(File.ReadAllText(System.IO.Path.Combine(Repository.Root, "infra", path)));
        return new BicepFile(path, [.. Statements(tokens).Select(Declare)]);
    }

    /// <summary>Names that the file uses where a symbol is meant, each with the line.</summary>
    public IEnumerable<(string Name, int Line)> Uses(BicepDeclaration? without = null) => Declarations
        .Where(declaration => declaration != without)
        .SelectMany(declaration => Symbols(declaration.Value))
        .Distinct();

    /// <summary>Functions that the file calls.</summary>
    public IEnumerable<string> Calls() => Declarations
        .SelectMany(declaration => declaration.Value.Zip(declaration.Value.Skip(1)))
        .Where(pair => pair.First.Kind == 'w' && !Keywords.Contains(pair.First.Text) && pair.Second.Kind == '(')
        .Select(pair => pair.First.Text)
        .Distinct();

    internal static bool IsKey(ImmutableArray<BicepToken> tokens, int i) =>
        tokens[i].Kind is 'w' && i + 1 < tokens.Length && tokens[i + 1].Kind == ':' && i > 0 && tokens[i - 1].Kind is '{' or 'l' or ',';

    private static IEnumerable<(string Name, int Line)> Symbols(ImmutableArray<BicepToken> tokens)
    {
        var locals = Enumerable.Range(0, tokens.Length).Where(i => tokens[i].Kind == 'w' && (IsLoop(tokens, i) || IsLambda(tokens, i))).Select(i => tokens[i].Text).ToHashSet();
        return Enumerable.Range(0, tokens.Length)
            .Where(i => tokens[i].Kind == 'w' && !IsKey(tokens, i) && (i == 0 || tokens[i - 1].Kind != '.') && (i + 1 == tokens.Length || tokens[i + 1].Kind != '('))
            .Where(i => !Keywords.Contains(tokens[i].Text) && !locals.Contains(tokens[i].Text))
            .Select(i => (tokens[i].Text, tokens[i].Line));
    }

    private static bool IsLoop(ImmutableArray<BicepToken> tokens, int i) => i > 0 && tokens[i - 1].Is("for");

    private static bool IsLambda(ImmutableArray<BicepToken> tokens, int i) => i + 2 < tokens.Length && tokens[i + 1].Kind == '=' && tokens[i + 2].Kind == '>';

    // A statement ends with the line on which all its brackets are closed.
    private static IEnumerable<ImmutableArray<BicepToken>> Statements(ImmutableArray<BicepToken> tokens)
    {
        var statement = ImmutableArray.CreateBuilder<BicepToken>();
        var depth = 0;
        foreach (var token in tokens)
        {
            depth += token.Kind is '{' or '[' or '(' ? 1 : token.Kind is '}' or ']' or ')' ? -1 : 0;
            if (token.Kind != 'l' || depth > 0)
            {
                statement.Add(token);
            }
            else if (statement.Count > 0)
            {
                if (statement[0].Kind != '@')
                {
                    yield return statement.ToImmutable();
                }

                statement.Clear();
            }
        }
    }

    private static BicepDeclaration Declare(ImmutableArray<BicepToken> statement)
    {
        var kind = statement[0].Text;
        if (!Kinds.Contains(kind))
        {
            throw new InvalidDataException($"Line {statement[0].Line}: '{kind}' begins no declaration.");
        }

        var equals = Enumerable.Range(0, statement.Length).FirstOrDefault(i => statement[i].Kind == '=', statement.Length);
        var value = equals < statement.Length ? statement[(equals + 1)..] : [];
        return kind is "targetScope" or "using"
            ? new BicepDeclaration(kind, kind, statement[^1].Text, value)
            : new BicepDeclaration(kind, statement[1].Text, statement.Length > 2 && equals > 2 ? statement[2].Text : "", value);
    }
}
