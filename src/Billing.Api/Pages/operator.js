import { get, post } from './api.js';
import { $, act, button, el, fill, outcome, say, table } from './dom.js';
import { count, moment, words } from './format.js';
import { openSession, show } from './session.js';
import { showWorkspace } from './workspace.js';

const JOBS = ['renewals', 'overage-charges', 'expirations'];

const guard = openSession(start, { refused: 'That operator key does not work.' });
const found = outcome();
const retried = outcome();
const poison = el('div');
const ran = outcome();

fill('poison', retried, poison);
fill('jobs', el('div', { class: 'row' }, JOBS.map((job) => button(`Run ${words(job).toLowerCase()}`, () => act(ran, () => run(job)), ''))), ran);
$('reload').addEventListener('click', () => guard(showPoison));
$('find').addEventListener('submit', (event) => {
  event.preventDefault();
  act(found, () => find($('query').value.trim()));
});
$('find').after(found);

async function start() {
  await showPoison();
  say();
  show(true);
  $('query').focus();
}

async function find(query) {
  fill('workspaces');
  const ids = query.startsWith('ws_') ? [query] : (await get(`admin/accounts?external_id=${encodeURIComponent(query)}`)).accounts.map((one) => one.workspace_id);
  if (ids.length === 0) throw new Error('There is no such account.');
  fill('workspaces', await Promise.all(ids.map(showWorkspace)));
}

async function run(job) {
  const { due, rung } = await post(`admin/jobs/${job}`);
  return [`${words(job)}: ${count(due, 'workspace')} due, ${count(rung, 'message')} sent.`];
}

async function showPoison() {
  const { messages } = await get('admin/poison');
  fill(poison, table('Poison messages', [
    { title: 'When', class: 'when', cell: (one) => moment(one.poisoned_at) },
    { title: 'Queue', cell: (one) => one.queue },
    { title: 'Message', class: 'wrap', cell: (one) => el('code', {}, one.body) },
    { title: 'Why', class: 'wrap', cell: (one) => one.reason ?? '–' },
    { title: '', class: 'actions', cell: (one) => button('Retry', () => act(retried, () => retry(one))) },
  ], messages, { empty: 'No poison messages.' }));
}

async function retry(message) {
  await post(`admin/poison/${encodeURIComponent(message.id)}/retry`);
  await showPoison();
  return [`The message is back in ${message.queue}.`];
}
