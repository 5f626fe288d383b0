import { get, post, signIn, signOut } from './api.js';
import { $, el, fill, say, number, moment, money, table } from './dom.js';

$('sign-in-form').addEventListener('submit', async (event) => {
  event.preventDefault();
  signIn($('credential').value);
  $('credential').value = '';
  await guard(async () => { await showPoison(); show(true); });
});
$('sign-out').addEventListener('click', () => { signOut(); show(false); });
$('reload').addEventListener('click', () => guard(showPoison));
$('find').addEventListener('submit', (event) => { event.preventDefault(); guard(() => find($('query').value.trim())); });
fill('jobs', ['renewals', 'overage-charges', 'expirations'].map((job) => button(`Run ${job}`, async () => {
  const run = await post(`admin/jobs/${job}`);
  fill('job', el('p', {}, `${run.job}: ${run.due} due, ${run.rung} messages sent.`));
})));

async function find(query) {
  const ids = query.startsWith('ws_') ? [query] : (await get(`admin/accounts?external_id=${encodeURIComponent(query)}`)).accounts.map((one) => one.workspace_id);
  if (ids.length === 0) throw new Error('There is no such account.');
  fill('workspace', await Promise.all(ids.map(showWorkspace)));
}

async function showWorkspace(id) {
  const [{ account }, { transactions }, { invoices }, { refunds }] = await Promise.all([
    get(`admin/workspaces/${id}`), get(`admin/workspaces/${id}/ledger`), get(`admin/workspaces/${id}/invoices`), get(`admin/workspaces/${id}/refunds`),
  ]);
  fill('refunds', table('Refunds to review', [
    { title: 'Asked', cell: (one) => moment(one.created_at) },
    { title: 'Generation', class: 'wrap mono', cell: (one) => one.generation_id },
    { title: 'Why', class: 'wrap', cell: (one) => [one.reason, one.note].filter(Boolean).join(': ') },
    { title: 'Credits', class: 'number', cell: (one) => number(one.credits) },
    { title: '', cell: (one) => el('div', { class: 'row' }, button('Approve', () => review(one, 'approve', id)), button('Deny', () => review(one, 'deny', id))) },
  ], refunds, `Nothing to review in ${account.name}.`));
  const audit = el('div', { 'aria-live': 'polite' });
  return el('article', {},
    el('h3', {}, `${account.name} `, el('code', {}, id)),
    el('p', {}, `${account.product}, ${account.plan ?? 'no plan'} (${account.plan_status}); `, el('strong', {}, `${number(account.credits)} credits`), `: plan ${number(account.plan_credits)}, bonus ${number(account.bonus_credits)}, top-up ${number(account.top_up_credits)}. `,
      `${account.running} running, ${account.overage_used} overage units, debt ${number(account.debt)}. `, account.renews_at ? `Renews ${moment(account.renews_at)}.` : 'Does not renew.'),
    button('Audit', async () => {
      const report = await get(`admin/workspaces/${id}/audit`);
      fill(audit, el('div', { class: `notice ${report.ok ? 'good' : 'bad'}` }, report.ok ? `All ${report.entries} entries fit the account.` : el('ul', {}, report.differences.map((one) => el('li', {}, one)))));
    }),
    audit,
    table('Ledger', [
      { title: 'When', cell: (one) => moment(one.created_at) },
      { title: 'What', class: 'wrap', cell: (one) => one.description },
      { title: 'Type', cell: (one) => one.type },
      { title: 'Credits', class: 'number', cell: (one) => number(one.amount) },
      { title: 'Left', class: 'number', cell: (one) => number(one.balance_after) },
    ], transactions, 'No entries.'),
    table('Invoices', [
      { title: 'Month', cell: (one) => one.month },
      { title: 'Units', class: 'number', cell: (one) => number(one.units) },
      { title: 'Total', class: 'number', cell: (one) => money(one.total) },
    ], invoices, 'No invoices.'));
}

async function review(refund, decision, workspace) {
  await post(`admin/refunds/${refund.id}/${decision}`);
  fill('workspace', await showWorkspace(workspace));
}

async function showPoison() {
  const { messages } = await get('admin/poison');
  fill('poison', table('Poison messages', [
    { title: 'When', cell: (one) => moment(one.poisoned_at) },
    { title: 'Queue', cell: (one) => one.queue },
    { title: 'Message', class: 'wrap mono', cell: (one) => one.body },
    { title: 'Why', class: 'wrap', cell: (one) => one.reason ?? '' },
    { title: '', cell: (one) => button('Retry', async () => { await post(`admin/poison/${encodeURIComponent(one.id)}/retry`); await showPoison(); }) },
  ], messages, 'No poison messages.'));
}

function show(signedIn) {
  $('sign-in').hidden = signedIn;
  $('page').hidden = !signedIn;
  $('controls').hidden = !signedIn;
  if (signedIn) say('');
}

function button(text, action) {
  return el('button', { type: 'button', class: 'small', onclick: () => guard(action) }, text);
}

async function guard(action) {
  try {
    await action();
  } catch (error) {
    if (error.status === 401 || error.status === 403) show(false);
    say('bad', error.message);
  }
}
