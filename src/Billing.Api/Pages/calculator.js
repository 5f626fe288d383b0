import { post } from './api.js';
import { el, field, fill, form } from './dom.js';
import { count, number, words } from './format.js';

/** A form made from the catalog's own fields; the price comes from the quote endpoint, so it is the one that would be charged. */
export function showCalculator(workspace, credits, catalog) {
  const inputs = catalog.pricing.fields.filter((one) => one.type !== 'text').map((one) => [one, input(one, catalog)]);
  const answer = el('div', { role: 'status', id: 'quote' });
  fill('calculator', form('stack', async () => fill(answer, await quoted(workspace, credits, inputs)),
    inputs.map(([one, control]) => field(words(one.name.replace(/_id$/, '')), control)),
    el('button', { class: 'primary', type: 'submit' }, 'Calculate')), answer);
}

function input(one, catalog) {
  if (one.type === 'choice') return choice(one);
  if (one.type === 'template' && catalog.templates.every((template) => !template.id.endsWith('*'))) {
    return el('select', { name: one.name }, catalog.templates.map((template) => el('option', { value: template.id }, template.id)));
  }
  return el('input', one.type === 'integer'
    ? { name: one.name, type: 'number', min: one.min, max: one.max, step: 1, value: one.default, required: one.required }
    : { name: one.name, type: 'text', required: one.required });
}

function choice(one) {
  const unset = one.required || one.default ? null : el('option', { value: '' }, one.floor ? "the template's own" : 'none');
  return el('select', { name: one.name }, unset, one.choices.map((value) => el('option', { value, selected: value === one.default }, value)));
}

async function quoted(workspace, credits, inputs) {
  const body = { workspace_id: workspace };
  for (const [one, control] of inputs) {
    if (control.value !== '') body[one.name] = one.type === 'integer' ? Number(control.value) : control.value;
  }
  try {
    const quote = await post('generations/quote', body);
    return [
      el('p', { class: 'price' }, count(quote.cost, 'credit')),
      el('p', { class: 'muted' }, quote.breakdown.map((part) => `${words(part.factor).toLowerCase()} ${number(part.value)}`).join(' × ')),
      el('p', {}, quote.affordable ? `Your credits cover ${times(Math.floor(credits.credits / quote.cost))}.` : 'Your credits do not cover it.'),
    ];
  } catch (error) {
    return [el('p', { class: 'minus' }, error.message)];
  }
}

const times = (most) => (most === 1 ? 'one of these' : `${number(most)} of these`);
