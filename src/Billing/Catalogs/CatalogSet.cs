using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Billing.Catalogs;

/// <summary>The catalogs that a backend sells from, one per product.</summary>
public sealed class CatalogSet
{
    private static readonly Lazy<CatalogSet> LazyShipped = new(() => Load(Embedded()));
    private readonly ImmutableSortedDictionary<string, Catalog> _files;
    private volatile ImmutableSortedDictionary<string, Catalog> _byProduct;

    private CatalogSet(ImmutableSortedDictionary<string, Catalog> files) => _files = _byProduct = files;

    public static CatalogSet Shipped => LazyShipped.Value;

    /// <summary>Those that are sold.</summary>
    public IEnumerable<Catalog> All => _files.Keys.Select(product => _byProduct[product]);

    /// <summary>Those that are sold and those of products that were: what customers may still have.</summary>
    public IEnumerable<Catalog> Known => _byProduct.Values;

    /// <summary>The same catalogs for one backend, which may learn of plans that it once sold.</summary>
    public CatalogSet Own() => new(_files);

    /// <summary>Takes up what was sold once and is not in the files: plans of these products, and products.</summary>
    /// <param name="plans">By product.</param>
    public void Keep(ILookup<string, string> plans, IEnumerable<Catalog> products)
    {
        var closed = products.Where(catalog => !_files.ContainsKey(catalog.Product)).Select(catalog => catalog.Closed());
        _byProduct = _files.Values.Select(catalog => plans.Contains(catalog.Product) ? catalog.WithFormer(plans[catalog.Product]) : catalog).Concat(closed)
            .ToImmutableSortedDictionary(catalog => catalog.Product, catalog => catalog, StringComparer.Ordinal);
    }

    /// <summary>The first of a product and some of its plans that is not known here: another instance may have other files. Null for none.</summary>
    public string? Unknown(string product, params ReadOnlySpan<string?> plans)
    {
        if (!TryGet(product, out var catalog))
        {
            return product;
        }

        foreach (var plan in plans)
        {
            if (plan is not null && !catalog.TryGetPlan(plan, out _))
            {
                return $"{product}:{plan}";
            }
        }

        return null;
    }

    /// <summary>Reads one catalog per file. A seller's own files are loaded the same way; docs/writing-a-catalog.md has the schema.</summary>
    /// <param name="files">Name (for error messages) and JSON text of each.</param>
    /// <exception cref="CatalogException">With the mistakes of all files; also when there is no file, or two have the same product.</exception>
    public static CatalogSet Load(IEnumerable<(string Name, string Json)> files)
    {
        var errors = ImmutableArray.CreateBuilder<string>();
        var catalogs = ImmutableSortedDictionary.CreateBuilder<string, Catalog>(StringComparer.Ordinal);
        foreach (var (name, json) in files)
        {
            try
            {
                var catalog = Catalog.Parse(json);
                if (!catalogs.TryAdd(catalog.Product, catalog))
                {
                    errors.Add($"{name}: product: another file has '{catalog.Product}', too");
                }
            }
            catch (CatalogException exception)
            {
                errors.AddRange(exception.Errors.Select(error => $"{name}: {error}"));
            }
        }

        if (errors.Count == 0 && catalogs.Count == 0)
        {
            errors.Add("there is no catalog file");
        }

        return errors.Count == 0 ? new CatalogSet(catalogs.ToImmutable()) : throw new CatalogException(errors.ToImmutable());
    }

    /// <summary>The catalog of a product; false when it is not sold here.</summary>
    public bool TryGet(string product, [NotNullWhen(true)] out Catalog? catalog) => _byProduct.TryGetValue(product, out catalog);

    /// <summary>The catalog of a product that is known to be sold here.</summary>
    /// <exception cref="KeyNotFoundException">It is not: a stored workspace outlived its catalog, or a caller did not ask <see cref="TryGet"/>.</exception>
    public Catalog this[string product] => _byProduct[product];

    private static IEnumerable<(string Name, string Json)> Embedded()
    {
        var assembly = typeof(CatalogSet).Assembly;
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.EndsWith(".json", StringComparison.Ordinal)))
        {
            using var stream = assembly.GetManifestResourceStream(name)!;
            using var reader = new StreamReader(stream);
            yield return (name, reader.ReadToEnd());
        }
    }
}
