// Shows a JSON Schema of the document: each field with its type, its bounds and what it says.
import { el } from './dom.js';
import { inline } from './markup.js';

const BOUNDS = {
  minimum: (value) => `≥ ${value}`,
  exclusiveMinimum: (value) => `> ${value}`,
  maximum: (value) => `≤ ${value}`,
  multipleOf: (value) => `in steps of ${value}`,
  minLength: (value) => (value > 1 ? `at least ${value} characters` : 'not empty'),
  maxLength: (value) => `at most ${value} characters`,
  minItems: (value) => `at least ${value}`,
  maxItems: (value) => `at most ${value}`,
  maxProperties: (value) => `at most ${value} fields`,
  pattern: (value) => `like ${value}`,
  default: (value) => `${value} if left out`,
};

export class Schemas {
  constructor(document) { this.document = document; }

  /** The thing itself, or what its reference points to, with what stands beside the reference. */
  resolve(thing) {
    if (!thing?.$ref) return thing ?? {};
    const { $ref, ...own } = thing;
    const found = $ref.split('/').slice(1).reduce((at, name) => at[name.replaceAll('~1', '/').replaceAll('~0', '~')], this.document);
    return { ...this.resolve(found), ...own };
  }

  /** A schema with its references followed, what it is all of put together, and null taken out: that is in `nullable`. */
  flat(schema) {
    const { allOf = [], oneOf = [], ...own } = this.resolve(schema);
    const whole = allOf.map((one) => this.flat(one)).reduceRight((right, left) => both(left, right), own);
    const choices = oneOf.filter((one) => one.type !== 'null');
    const types = [whole.type].flat().filter((type) => type && type !== 'null');
    const one = { ...whole, type: types[0], nullable: choices.length < oneOf.length || [whole.type].flat().includes('null') };
    return choices.length === 1 ? { ...this.flat(choices[0]), ...defined(one) } : { ...one, choices: choices.length > 0 ? choices : whole.anyOf };
  }

  /** What a value is, in a few words. */
  typeOf(schema) {
    const flat = this.flat(schema);
    const kind = flat.choices ? flat.choices.map((choice) => this.typeOf(choice)).join(' or ')
      : flat.type === 'array' ? `list of ${this.typeOf(flat.items)}`
        : flat.const !== undefined ? String(flat.const)
          : flat.enum ? flat.enum.filter((word) => word !== null).join(' | ')
            : flat.format === 'date-time' || flat.format === 'uri' ? flat.format : flat.type ?? 'anything';
    return [...new Set(kind.split(' or '))].join(' or ') + (flat.nullable ? ' or null' : '');
  }

  /** Its fields, those of its fields below them; null when it has none. */
  fields(schema) {
    const flat = this.flat(schema);
    if (flat.type === 'array') return this.fields(flat.items);
    if (flat.choices) return el('div', { class: 'choices' }, flat.choices.map((choice, index) => this.#choice(choice, index)));
    const fields = Object.entries(flat.properties ?? {});
    return fields.length === 0 ? null : el('ul', { class: 'fields' }, fields.map(([name, field]) => this.#field(name, field, (flat.required ?? []).includes(name))));
  }

  #choice(choice, index) {
    const fields = this.fields(choice);
    return fields && el('details', { open: index === 0 }, el('summary', {}, inline(this.flat(choice).description ?? this.typeOf(choice))), fields);
  }

  #field(name, schema, required) {
    const flat = this.flat(schema);
    const inner = this.fields(schema);
    return el('li', {},
      el('div', {}, el('code', { class: 'name' }, name), ' ', el('span', { class: 'type' }, [inner ? this.#shortType(flat) : this.typeOf(schema), ...bounds(flat)].join(', ')), required ? el('span', { class: 'required' }, ' required') : null),
      el('div', { class: 'muted' }, inline(flat.description)),
      inner && el('details', {}, el('summary', {}, 'Its fields'), inner));
  }

  #shortType(flat) {
    return (flat.type === 'array' ? 'list of objects' : 'object') + (flat.nullable ? ' or null' : '');
  }
}

const bounds = (flat) => Object.entries(BOUNDS).filter(([keyword]) => flat[keyword] !== undefined).map(([keyword, words]) => words(flat[keyword]));

function both(left, right) {
  const properties = { ...left.properties };
  for (const [name, schema] of Object.entries(right.properties ?? {})) properties[name] = { ...properties[name], ...schema };
  return { ...left, ...defined(right), properties, required: [...(left.required ?? []), ...(right.required ?? [])] };
}

const defined = (thing) => Object.fromEntries(Object.entries(thing).filter(([, value]) => value !== undefined && value !== false));
