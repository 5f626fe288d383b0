using System.Reflection;

namespace Billing.Tests;

/// <summary>What BannedSymbols.txt cannot see: declarations, and what is referred to.</summary>
public sealed class PurityTests
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    private static readonly Assembly Rules = typeof(Credits).Assembly;

    [Fact]
    public void The_rules_declare_no_floating_point()
    {
        var floating = Rules.GetTypes().SelectMany(Declarations).Where(one => IsFloating(one.Type)).Select(one => one.Name);

        Assert.Empty(floating);
    }

    [Fact]
    public void The_rules_refer_to_the_framework_only()
    {
        var others = Rules.GetReferencedAssemblies().Select(one => one.Name!)
            .Where(name => !name.StartsWith("System.", StringComparison.Ordinal) && name != "netstandard");

        Assert.Empty(others);
    }

    private static IEnumerable<(string Name, Type Type)> Declarations(Type type)
    {
        var fields = type.GetFields(Declared).Select(field => (field.Name, field.FieldType));
        var methods = type.GetMethods(Declared).Cast<MethodBase>().Concat(type.GetConstructors(Declared)).ToArray();
        var parameters = methods.SelectMany(method => method.GetParameters().Select(parameter => (method.Name, parameter.ParameterType)));
        var results = methods.OfType<MethodInfo>().Select(method => (method.Name, method.ReturnType));
        var locals = methods.SelectMany(method => (method.GetMethodBody()?.LocalVariables ?? []).Select(local => (method.Name, local.LocalType)));
        return fields.Concat(parameters).Concat(results).Concat(locals).Select(one => ($"{type.FullName}.{one.Name}", one.Item2));
    }

    private static bool IsFloating(Type type) =>
        type == typeof(double) || type == typeof(float) || type == typeof(Half)
        || (type.HasElementType && IsFloating(type.GetElementType()!))
        || type.GenericTypeArguments.Any(IsFloating);
}
