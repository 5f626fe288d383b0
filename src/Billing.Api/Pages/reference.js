// The API reference: /api/v1/openapi.json, for people.
import { $, el, fill, say } from './dom.js';
import { prose, inline } from './markup.js';
import { Schemas } from './schema.js';

const METHODS = ['get', 'post', 'put', 'delete', 'patch'];
const CREDENTIALS = { apiKey: 'CUSTOMER_KEY', sessionToken: 'SESSION_TOKEN', keySession: 'SESSION_TOKEN', serviceKey: 'SERVICE_KEY', operatorKey: 'OPERATOR_KEY' };
let schemas;

export async function start() {
  const response = await fetch('/api/v1/openapi.json');
  if (!response.ok) {
    say('bad', 'The description of the API cannot be read.');
    return;
  }

  const api = await response.json();
  schemas = new Schemas(api);
  const sections = api.tags.map((tag) => ({ ...tag, operations: operationsOf(api).filter((one) => one.tags[0] === tag.name) }));
  $('page').append(introduction(api), errors(api), ...sections.map(section));
  fill('contents', ...sections.map(entries));
  $('find').addEventListener('input', () => find($('find').value));
  if (location.hash) $(location.hash.slice(1))?.scrollIntoView();
}

function operationsOf(api) {
  const calls = Object.entries(api.paths).flatMap(([path, item]) => METHODS.filter((method) => item[method]).map((method) => ({ ...item[method], path, method })));
  return calls.concat(Object.entries(api.webhooks ?? {}).map(([path, item]) => ({ ...item.post, path, method: 'event' })));
}

const introduction = (api) => el('section', { class: 'card', id: 'introduction' },
  el('h2', {}, `${api.info.title} ${api.info.version}`), prose(api.info.description),
  el('p', {}, 'For programs: ', el('a', { href: '/api/v1/openapi.json' }, 'openapi.json'), '.'));

const errors = (api) => el('section', { class: 'card', id: 'errors' },
  el('h2', {}, 'Errors'), prose(api.components.schemas.Problem.description), schemas.fields({ $ref: '#/components/schemas/Problem' }));

const section = ({ name, description, operations }) => el('section', { 'aria-label': name },
  el('h2', { class: 'tag' }, name), el('p', { class: 'muted' }, inline(description)), operations.map(operation));

const entries = ({ name, operations }) => el('div', { class: 'group' }, el('h2', {}, name),
  el('ul', {}, operations.map((one) => el('li', { 'data-words': words(one) }, el('a', { href: `#${one.operationId}` }, badge(one), ' ', one.summary)))));

const words = (one) => `${one.method} ${one.path} ${one.summary} ${one.operationId}`.toLowerCase();
const badge = ({ method }) => el('span', { class: `method ${method}` }, method.toUpperCase());

function operation(one) {
  const body = one.requestBody && schemas.resolve(one.requestBody).content['application/json'];
  const answers = Object.entries(one.responses).map(([status, answer]) => ({ status, ...schemas.resolve(answer) }));
  const good = answers.filter((answer) => answer.status < '4');
  return el('article', { class: 'card operation', id: one.operationId, 'data-words': words(one) },
    el('div', { class: 'told' },
      el('h3', {}, el('a', { href: `#${one.operationId}` }, one.summary)),
      el('p', { class: 'path' }, badge(one), ' ', el('code', {}, one.path)),
      prose(one.description), callers(one),
      part('Parameters', one.parameters && parameters(one.parameters.map((parameter) => schemas.resolve(parameter)))),
      part('Body', body && schemas.fields(body.schema)),
      good.flatMap((answer) => part(`Answer ${answer.status}`, [el('p', {}, inline(answer.description)), ...Object.values(answer.content ?? {}).map((media) => schemas.fields(media.schema))])),
      part('Refusals', refusals(answers.filter((answer) => answer.status >= '4' && answer.content)))),
    el('div', { class: 'shown' },
      one.method === 'event' ? null : sample('Request', curl(one, body)),
      one.method === 'event' ? examples('Event', body) : good.flatMap((answer) => examples(`Answer ${answer.status}`, answer.content?.['application/json']))));
}

const part = (title, content) => (content ? [el('h4', {}, title), content].flat() : []);

function callers({ security = [], method }) {
  const ways = security.map((schemes) => Object.keys(schemes).map((name) => name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`).replace(/^api/, 'API')).join(' with '));
  return method === 'event' ? null : el('p', { class: 'muted' }, ways.length === 0 ? 'Needs no credential.' : `Needs: ${ways.join(', or ')}.`);
}

const parameters = (all) => el('ul', { class: 'fields' }, all.map((one) => el('li', {},
  el('div', {}, el('code', { class: 'name' }, one.name), ' ', el('span', { class: 'type' }, `${schemas.typeOf(one.schema)}, in the ${one.in}`), one.required ? el('span', { class: 'required' }, ' required') : null),
  el('div', { class: 'muted' }, inline(one.description)))));

function refusals(answers) {
  if (answers.length === 0) return null;
  return el('ul', { class: 'fields' }, answers.map((answer) => el('li', {},
    el('div', {}, el('span', { class: 'status' }, answer.status), ' ', codesOf(answer).flatMap((code) => [el('code', {}, code), ' '])),
    el('div', { class: 'muted' }, inline(answer.description)))));
}

const codesOf = (answer) => schemas.flat(schemas.flat(answer.content['application/problem+json']?.schema).properties?.code).enum ?? [];

function examples(title, media) {
  const all = media?.examples ? Object.entries(media.examples).map(([name, one]) => [one.summary ?? name, one.value]) : media?.example ? [['', media.example]] : [];
  return all.map(([name, value], index) => sample(name ? `${title}: ${name}` : title, JSON.stringify(value, null, 2), index === 0));
}

function curl(one, body) {
  const [schemes = {}] = one.security;
  const headers = Object.keys(schemes).filter((name) => CREDENTIALS[name]).map((name) => `-H "Authorization: Bearer $${CREDENTIALS[name]}"`);
  if (schemes.customerKey) headers.push('-H "X-Api-Key: $CUSTOMER_KEY"');
  if ((one.parameters ?? []).some((parameter) => schemas.resolve(parameter).name === 'Idempotency-Key')) headers.push('-H "Idempotency-Key: $(uuidgen)"');
  const example = body?.example ?? Object.values(body?.examples ?? {})[0]?.value;
  if (example) headers.push('-H "Content-Type: application/json"', `-d '${JSON.stringify(example)}'`);
  return [`curl -s${one.method === 'get' ? '' : ` -X ${one.method.toUpperCase()}`} ${location.origin}${one.path}`, ...headers].join(' \\\n  ');
}

function sample(title, text, open = true) {
  const copy = el('button', { type: 'button', class: 'small', onclick: async () => { await navigator.clipboard.writeText(text); fill(copy, 'Copied'); } }, 'Copy');
  return el('details', { open }, el('summary', {}, title), copy, el('pre', { tabindex: '0', 'aria-label': title }, el('code', {}, text)));
}

function find(text) {
  const wanted = text.toLowerCase().split(/\s+/).filter(Boolean);
  const found = (one) => wanted.every((word) => one.getAttribute('data-words').includes(word));
  for (const one of document.querySelectorAll('[data-words]')) one.hidden = !found(one);
  for (const group of document.querySelectorAll('.group, section[aria-label]')) group.hidden = !group.querySelector('[data-words]:not([hidden])');
  for (const id of ['introduction', 'errors']) $(id).hidden = wanted.length > 0;
  say('warn', ...(document.querySelector('article:not([hidden])') ? [] : ['No endpoint has all of these words.']));
}

await start();
