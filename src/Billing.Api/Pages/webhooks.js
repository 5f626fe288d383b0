import { get, post, remove } from './api.js';
import { act, badge, button, el, field, fill, form, outcome, secret, table } from './dom.js';
import { EVENTS } from './events.js';
import { moment, words } from './format.js';

const CHOSEN = 2;

export async function showWebhooks(workspace) {
  const panel = { workspace, said: outcome(), list: el('div'), deliveries: el('div') };
  await load(panel);
  fill('webhooks', hookForm(panel), panel.said, panel.list, panel.deliveries);
}

async function load(panel) {
  const { webhooks } = await get(`webhooks?workspaceId=${panel.workspace}`);
  fill(panel.list, table('Webhooks', [
    { title: 'Address', class: 'wrap', cell: (hook) => hook.url },
    { title: 'Events', class: 'wrap', cell: (hook) => hook.events.join(', ') },
    { title: 'State', cell: stateOf },
    { title: '', class: 'actions', cell: (hook) => el('div', { class: 'row' }, [
      button('Deliveries', () => act(panel.said, () => showDeliveries(hook, panel))),
      button('Send a test', () => act(panel.said, async () => { await post(`webhooks/${hook.id}/test`); return ['A ping is on its way.']; })),
      button('New secret', () => rotate(hook, panel)),
      button('Delete', () => drop(hook, panel), 'small danger'),
    ]) },
  ], webhooks, { empty: 'No webhooks yet. Create one to hear when credits run low.' }));
}

function stateOf(hook) {
  if (hook.status === 'disabled') return badge(`disabled: ${words(hook.disabled_reason).toLowerCase()}`, 'bad');
  return hook.failing_since ? badge(`failing since ${moment(hook.failing_since)}`, 'warn') : badge('enabled', 'good');
}

function hookForm(panel) {
  const url = el('input', { type: 'url', required: true, placeholder: 'https://', autocomplete: 'off' });
  const events = EVENTS.map((name, index) => el('input', { type: 'checkbox', value: name, checked: index < CHOSEN }));
  const create = () => act(panel.said, async () => {
    const chosen = events.filter((box) => box.checked).map((box) => box.value);
    const created = await post(`webhooks?workspaceId=${panel.workspace}`, { url: url.value, events: chosen });
    url.value = '';
    await load(panel);
    return ['Its secret, shown once: ', secret(created.secret)];
  });
  return form('stack', create,
    field('Address', url, 'address'),
    el('fieldset', {}, el('legend', {}, 'Events'), el('div', { class: 'choices' }, events.map((box) => el('label', { class: 'choice' }, box, box.value)))),
    el('div', {}, el('button', { type: 'submit' }, 'Create webhook')));
}

async function rotate(hook, panel) {
  if (!confirm(`Make a new secret for ${hook.url}? The one of now keeps signing beside it for a while.`)) return;
  await act(panel.said, async () => {
    const rotated = await post(`webhooks/${hook.id}/rotate`);
    return [`The old secret signs, too, until ${moment(rotated.former_secret_valid_until)}. The new one, shown once: `, secret(rotated.secret)];
  });
}

async function drop(hook, panel) {
  if (!confirm(`Delete the webhook to ${hook.url}?`)) return;
  await act(panel.said, async () => {
    await remove(`webhooks/${hook.id}`);
    fill(panel.deliveries);
    await load(panel);
    return ['The webhook is deleted.'];
  });
}

async function showDeliveries(hook, panel) {
  const { deliveries } = await get(`webhooks/${hook.id}/deliveries`);
  const again = () => act(panel.said, () => showDeliveries(hook, panel));
  const replay = (one) => act(panel.said, async () => {
    await post(`webhooks/${hook.id}/deliveries/${one.id}/replay`);
    await showDeliveries(hook, panel);
    return ['It is sent again.'];
  });
  fill(panel.deliveries,
    el('div', { class: 'spread sub' }, el('h3', {}, 'Deliveries to ', el('span', { class: 'wrap' }, hook.url)), button('Reload', again)),
    table('Deliveries', [
      { title: 'When', class: 'when', cell: (one) => moment(one.created_at) },
      { title: 'Event', cell: (one) => el('code', {}, one.type) },
      { title: 'State', cell: (one) => badge(one.status, { succeeded: 'good', failed: 'bad' }[one.status]) },
      { title: 'Last answer', class: 'wrap', cell: answerOf },
      { title: 'Tries', class: 'number', cell: (one) => String(one.attempt_count) },
      { title: '', class: 'actions', cell: (one) => button('Replay', () => replay(one)) },
    ], deliveries, { empty: 'Nothing was delivered yet.' }));
}

function answerOf(delivery) {
  const last = delivery.attempts.at(-1);
  return last ? (last.status ? `${last.status} in ${last.duration_ms} ms` : last.error) : '–';
}
