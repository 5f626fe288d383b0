using System.Collections.Immutable;

namespace Billing.Catalogs;

/// <summary>What is wrong with the fields of one request. At most <see cref="MaxErrors"/> are told, with names cut at <see cref="MaxNameLength"/>, whatever was sent.</summary>
internal sealed class FieldErrors
{
    private const int MaxErrors = 20;
    private const int MaxNameLength = 100;
    private readonly List<(string Field, string Message)> _errors = [];

    public void Add(string field, string message)
    {
        var name = field.Length > MaxNameLength ? field[..MaxNameLength] : field;
        if (_errors.Count < MaxErrors && !_errors.Contains((name, message)))
        {
            _errors.Add((name, message));
        }
    }

    /// <summary>INVALID_REQUEST with all of them; null when there are none.</summary>
    public Refusal? Refusal()
    {
        if (_errors.Count == 0)
        {
            return null;
        }

        return new Refusal(Refusals.InvalidRequest, string.Join("; ", _errors.Select(error => $"{error.Field}: {error.Message}")))
        {
            Errors = _errors.GroupBy(error => error.Field)
                .ToImmutableSortedDictionary(group => group.Key, group => group.Select(error => error.Message).ToImmutableArray(), StringComparer.Ordinal),
        };
    }
}
