// What a usage costs, as src/Billing/Catalogs/Pricing.cs has it: the exact product of all factors, rounded up to a thousandth of a credit.
import { words } from './format.js';

const PER_UNIT = 1_000_000n;

// A factor has at most six decimal places and is at most a million, or is a whole number: either way its millionths are exact.
const millionths = (value) => (Number.isInteger(value) ? BigInt(value) * PER_UNIT : BigInt(Math.round(value * 1e6)));
const thousandths = (credits) => BigInt(Math.round(credits * 1000));

export const labelOf = (field) => words(field.name.replace(/_id$/, ''));

/** The cost of what a request asks for; an error in plain words where a request would be refused. */
export function priceOf(catalog, asked) {
  const { usage, template } = usageOf(catalog, asked);
  const breakdown = catalog.pricing.factors.map((one) => ({ factor: one.factor, value: valueOf(one, usage, template) }));
  return { cost: product(breakdown.map((part) => part.value)), breakdown, usage, template };
}

/** How many generations of a cost so many credits make. */
export const timesIn = (credits, cost) => Number(thousandths(credits) / thousandths(cost));

function product(values) {
  const numerator = values.reduce((sum, value) => sum * millionths(value), 1000n);
  const denominator = PER_UNIT ** BigInt(values.length);
  return Number((numerator + denominator - 1n) / denominator) / 1000;
}

/** What was asked for or else the default, perhaps the template's own, with each choice raised to the template's least. */
function usageOf(catalog, asked) {
  const fields = catalog.pricing.fields.filter((one) => one.type !== 'text');
  const usage = Object.fromEntries(fields.map((one) => [one.name, checked(one, asked[one.name] ?? one.default)]));
  const named = fields.find((one) => one.type === 'template');
  const template = named && usage[named.name] !== undefined ? templateOf(catalog, named, usage[named.name]) : null;
  for (const one of fields.filter((each) => template && (each.default_from || each.floor))) {
    usage[one.name] ??= template.attributes[one.default_from];
    usage[one.name] = highest(one, usage[one.name], template.attributes[one.floor]);
  }
  return { usage, template };
}

function checked(field, value) {
  if (value === undefined || value === null) {
    if (field.required) throw new Error(`${labelOf(field)} is required.`);
    return undefined;
  }
  if (field.type === 'integer' && !(Number.isInteger(value) && value >= field.min && value <= field.max)) {
    throw new Error(`${labelOf(field)} must be a whole number from ${field.min} to ${field.max}.`);
  }
  if (field.type !== 'choice') return value;
  const choice = choiceOf(field, String(value).toLowerCase());
  if (!choice) throw new Error(`${labelOf(field)} must be one of ${field.choices.join(', ')}.`);
  return choice;
}

/** The catalog's spelling of what was asked for in any case, perhaps by another word for it. */
function choiceOf(field, asked) {
  const synonym = Object.keys(field.synonyms ?? {}).find((one) => one.toLowerCase() === asked);
  return field.choices.find((one) => one.toLowerCase() === asked) ?? (synonym && field.synonyms[synonym]);
}

const highest = (field, left, right) => (field.choices.indexOf(left) >= field.choices.indexOf(right) ? left : right);

/** The template of that id, or else the longest pattern that it begins like. */
function templateOf(catalog, field, id) {
  const patterns = catalog.templates.filter((one) => one.id.endsWith('*') && id.startsWith(one.id.slice(0, -1)));
  const found = catalog.templates.find((one) => one.id === id && !id.endsWith('*')) ?? patterns.sort((a, b) => b.id.length - a.id.length)[0];
  if (!found) throw new Error(`${labelOf(field)}: there is no such template.`);
  return found;
}

function valueOf(factor, usage, template) {
  const value = usage[factor.field];
  switch (factor.kind) {
    case 'constant': return factor.value;
    case 'lookup': return factor.values[value];
    case 'integer': return value;
    case 'blocks': return (value - (value % factor.block_size)) / factor.block_size + (value % factor.block_size === 0 ? 0 : 1);
    case 'template': return template.attributes[factor.attribute];
    default: throw new Error(`The price has a factor of an unknown kind, ${factor.kind}.`);
  }
}
