using System.Collections.Immutable;

namespace Billing.Catalogs;

/// <summary>A product's templates. The exact id wins, then the longest pattern, whatever their order.</summary>
internal sealed class TemplateIndex
{
    private readonly ImmutableDictionary<string, Template> _exact;
    private readonly ImmutableArray<Template> _patterns;

    public TemplateIndex(ImmutableArray<Template> templates)
    {
        All = templates;
        _exact = templates.Where(template => !template.IsPattern)
            .DistinctBy(template => template.Id)
            .ToImmutableDictionary(template => template.Id, StringComparer.Ordinal);
        _patterns = [.. templates.Where(template => template.IsPattern).OrderByDescending(template => template.Id.Length)];
    }

    public ImmutableArray<Template> All { get; }

    public TemplateIndex With(Template own) => new(All.Insert(0, own));

    public Template? Find(string id) =>
        _exact.GetValueOrDefault(id) ?? _patterns.FirstOrDefault(pattern => pattern.Matches(id));
}
