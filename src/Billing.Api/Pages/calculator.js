import { get, post } from './api.js';
import { el, fill, number } from './dom.js';

/** A form made from the catalog's own fields; the price comes from the quote endpoint, so it is the one that would be charged. */
export async function showCalculator(workspace, product) {
  const catalog = await get(`plans?product=${product}`);
  const inputs = catalog.pricing.fields.filter((field) => field.type !== 'text').map((field) => [field, input(field, catalog)]);
  const answer = el('p', { 'aria-live': 'polite', id: 'quote' });
  const form = el('form', { class: 'grid' },
    inputs.map(([field, control]) => el('label', {}, field.name.replaceAll('_', ' '), control)),
    el('button', { class: 'primary', type: 'submit' }, 'Calculate'));
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    fill(answer, await quoted(workspace, inputs));
  });
  fill('calculator', form, answer);
}

function input(field, catalog) {
  if (field.type === 'choice') {
    return el('select', { name: field.name }, field.required ? null : el('option', { value: '' }, `default${field.default ? ` (${field.default})` : ''}`), field.choices.map((choice) => el('option', { value: choice }, choice)));
  }
  if (field.type === 'template' && catalog.templates.every((template) => !template.id.endsWith('*'))) {
    return el('select', { name: field.name }, catalog.templates.map((template) => el('option', { value: template.id }, template.id)));
  }
  return el('input', field.type === 'integer'
    ? { name: field.name, type: 'number', min: field.min, max: field.max, step: 1, value: field.default ?? '' }
    : { name: field.name, type: 'text', value: field.default ?? '' });
}

async function quoted(workspace, inputs) {
  const body = { workspace_id: workspace };
  for (const [field, control] of inputs) {
    if (control.value !== '') body[field.name] = field.type === 'integer' ? Number(control.value) : control.value;
  }
  try {
    const quote = await post('generations/quote', body);
    return [
      el('strong', {}, `${number(quote.cost)} credits`),
      ` = ${quote.breakdown.map((one) => `${one.factor.replaceAll('_', ' ')} ${number(one.value)}`).join(' × ')}. `,
      quote.affordable ? 'Your credits cover it.' : 'Your credits do not cover it.',
    ];
  } catch (error) {
    return [error.message];
  }
}
