using System.Globalization;

namespace Billing.Testing;

/// <summary>Prices that use every kind of factor, a floor and patterns, with random factors of up to six places: where floating point would miss.</summary>
public static class OddPricing
{
    public static string Pricing(Random random) => $$"""
        {
          "fields": [
            { "name": "style", "type": "template", "default": "plain" },
            { "name": "size", "type": "choice", "choices": ["S", "M", "L"], "default": "S" },
            { "name": "finish", "type": "choice", "choices": ["raw", "fine", "finest"], "default_from": "least", "floor": "least" },
            { "name": "count", "type": "integer", "min": 1, "max": 1000, "default": 1 },
            { "name": "length", "type": "integer", "min": 1, "max": 1000, "required": true }
          ],
          "factors": [
            { "name": "base", "kind": "template", "attribute": "base" },
            { "name": "rebate", "kind": "constant", "value": {{Factor(random)}} },
            { "name": "size", "kind": "lookup", "field": "size", "values": { "S": {{Factor(random)}}, "M": {{Factor(random)}}, "L": {{Factor(random)}} } },
            { "name": "finish", "kind": "lookup", "field": "finish", "values": { "raw": {{Factor(random)}}, "fine": {{Factor(random)}}, "finest": {{Factor(random)}} } },
            { "name": "count", "kind": "integer", "field": "count" },
            { "name": "length", "kind": "blocks", "field": "length", "size": {{random.Next(2, 100)}} }
          ],
          "units": "count",
          "quantity": "length"
        }
        """;

    public static string Templates(Random random) => $$"""
        [
          { "id": "plain", "tier": "one", "attributes": { "base": {{Factor(random)}}, "least": "raw" } },
          { "id": "pl*", "tier": "one", "attributes": { "base": {{Factor(random)}}, "least": "fine" } },
          { "id": "*", "tier": "two", "attributes": { "base": {{Factor(random)}}, "least": "finest" } }
        ]
        """;

    // Four of these at their largest, with 1,000 × 500 blocks, stay within what a price may be.
    private static string Factor(Random random) => new decimal(random.Next(1, 4_000_000), 0, 0, false, 6).ToString(CultureInfo.InvariantCulture);
}
