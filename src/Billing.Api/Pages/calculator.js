import { el, field, fill, form } from './dom.js';
import { count, number, words } from './format.js';
import { labelOf, priceOf, timesIn } from './price.js';

/**
 * A form made from the catalog's own fields, and what a generation so chosen costs. <c>worth</c> shows what a price means to who reads it.
 * Answers a function that calculates again.
 */
export function showCalculator(catalog, { chosen = new URLSearchParams(), worth, onchange = () => {} }) {
  const inputs = catalog.pricing.fields.filter((one) => one.type !== 'text').map((one) => [one, input(one, catalog)]);
  const defaults = new Map(inputs.map(([one, control]) => [one.name, control.value]));
  for (const [one, control] of inputs) choose(control, chosen.get(one.name));

  const said = el('div', { role: 'status' });
  const meaning = el('div');
  const fields = form('stack', calculate, inputs.map(([one, control]) => field(labelOf(one), control)));
  fields.addEventListener('input', calculate);
  fill('calculator', fields, el('div', { id: 'quote' }, said, meaning));
  calculate();
  return calculate;

  function calculate() {
    onchange(inputs.map(([one, control]) => [one.name, control.value === defaults.get(one.name) ? null : control.value]));
    try {
      const asked = askedBy(inputs);
      const price = priceOf(catalog, asked);
      fill(said, priceWords(catalog, asked, price));
      fill(meaning, worth(price));
    } catch (error) {
      fill(said, el('p', { class: 'minus' }, error.message));
      fill(meaning);
    }
  }
}

/** Why a plan does not make a generation from this template; null when it does. */
export const excludedBy = (plan, template) =>
  (template && plan?.template_tiers && !plan.template_tiers.includes(template.tier) ? `no ${template.tier} templates` : null);

export function covered(credits, plan, { cost, template }) {
  const excluded = excludedBy(plan, template);
  if (excluded) return `Your plan has ${excluded}.`;
  const times = timesIn(credits, cost);
  return times === 0 ? 'Your credits do not cover it.' : `Your credits cover ${times === 1 ? 'one' : number(times)} of these.`;
}

function priceWords(catalog, asked, { cost, breakdown, usage }) {
  const raised = catalog.pricing.fields.filter((one) => asked[one.name] !== undefined && asked[one.name] !== usage[one.name]);
  return [
    el('p', { class: 'price' }, count(cost, 'credit')),
    el('p', { class: 'muted' }, breakdown.map((part) => `${words(part.factor).toLowerCase()} ${exact(part.value)}`).join(' × ')),
    ...raised.map((one) => el('p', { class: 'muted' }, `${labelOf(one)} counts as ${usage[one.name]}, the least that this template has.`)),
  ];
}

const exact = (value) => value.toLocaleString('en', { maximumFractionDigits: 6 });

function askedBy(inputs) {
  const asked = {};
  for (const [one, control] of inputs) {
    if (control.validity.badInput) asked[one.name] = NaN;
    else if (control.value !== '') asked[one.name] = one.type === 'integer' ? Number(control.value) : control.value;
  }
  return asked;
}

/** A link's choice, unless it is none of those that there are. */
function choose(control, value) {
  if (value === null || (control.options && ![...control.options].some((option) => option.value === value))) return;
  control.value = value;
}

function input(one, catalog) {
  if (one.type === 'choice') return choice(one);
  if (one.type === 'template' && catalog.templates.every((template) => !template.id.endsWith('*'))) return templates(one, catalog);
  return el('input', one.type === 'integer'
    ? { name: one.name, type: 'number', min: one.min, max: one.max, step: 1, value: one.default, required: one.required }
    : { name: one.name, type: 'text', maxlength: 100, value: one.default, required: one.required, autocomplete: 'off', spellcheck: 'false' });
}

function choice(one) {
  const unset = one.required || one.default ? null : el('option', { value: '' }, one.default_from ? "the template's own" : 'none');
  return el('select', { name: one.name }, unset, one.choices.map((value) => el('option', { value, selected: value === one.default }, value)));
}

function templates(one, catalog) {
  const unset = one.required || one.default ? null : el('option', { value: '' }, 'none');
  return el('select', { name: one.name }, unset,
    catalog.templates.map((template) => el('option', { value: template.id, selected: template.id === one.default }, template.id)));
}
