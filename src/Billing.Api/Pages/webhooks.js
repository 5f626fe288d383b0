import { get, post, remove } from './api.js';
import { el, fill, moment, table } from './dom.js';

const EVENTS = ['credits.low', 'credits.exhausted', 'credits.renewed', 'credits.topped_up', 'generation.refunded', 'overage.charged', 'subscription.paused', 'subscription.resumed'];

export async function showWebhooks(workspace) {
  const { webhooks } = await get(`webhooks?workspaceId=${workspace}`);
  const answer = el('div', { 'aria-live': 'polite', id: 'webhook-answer' });
  const deliveries = el('div', { id: 'deliveries' });
  fill('webhooks', form(workspace, answer), answer, table('Webhooks', [
    { title: 'Address', class: 'wrap', cell: (hook) => hook.url },
    { title: 'Events', class: 'wrap', cell: (hook) => hook.events.join(', ') },
    { title: 'State', cell: (hook) => el('span', { class: `badge ${hook.status === 'disabled' ? 'bad' : 'good'}` }, hook.status ?? 'enabled') },
    { title: '', cell: (hook) => el('div', { class: 'row' },
      button('Deliveries', () => showDeliveries(hook, deliveries)),
      button('Test', () => act(answer, () => post(`webhooks/${hook.id}/test`), 'A ping is on its way.')),
      button('Delete', async () => { await remove(`webhooks/${hook.id}`); await showWebhooks(workspace); })) },
  ], webhooks, 'No webhooks yet. Create one to hear when credits run low.'), deliveries);
}

function form(workspace, answer) {
  const url = el('input', { type: 'url', required: true, placeholder: 'https://…' });
  const events = el('select', { multiple: true, size: 4 }, EVENTS.map((name, index) => el('option', { value: name, selected: index < 2 }, name)));
  const element = el('form', { class: 'row' }, el('label', {}, 'Address', url), el('label', {}, 'Events', events), el('button', { type: 'submit' }, 'Create webhook'));
  element.addEventListener('submit', async (event) => {
    event.preventDefault();
    try {
      const created = await post(`webhooks?workspaceId=${workspace}`, { url: url.value, events: [...events.selectedOptions].map((option) => option.value) });
      await showWebhooks(workspace);
      fill('webhook-answer', el('div', { class: 'notice good' }, 'Its secret, shown once: ', el('code', {}, created.secret)));
    } catch (error) {
      fill(answer, el('div', { class: 'notice bad' }, error.message));
    }
  });
  return element;
}

async function showDeliveries(hook, target) {
  const { deliveries } = await get(`webhooks/${hook.id}/deliveries`);
  fill(target, el('h3', {}, `Deliveries to ${hook.url}`), table('Deliveries', [
    { title: 'When', cell: (one) => moment(one.created_at) },
    { title: 'Event', cell: (one) => one.type ?? one.event_type },
    { title: 'State', cell: (one) => one.status },
    { title: 'Tries', class: 'number', cell: (one) => String(one.attempts?.length ?? one.attempts ?? 0) },
    { title: '', cell: (one) => button('Replay', async () => { await post(`webhooks/${hook.id}/deliveries/${one.id}/replay`); await showDeliveries(hook, target); }) },
  ], deliveries, 'Nothing was delivered yet.'));
}

async function act(answer, action, done) {
  try {
    await action();
    fill(answer, el('div', { class: 'notice good' }, done));
  } catch (error) {
    fill(answer, el('div', { class: 'notice bad' }, error.message));
  }
}

const button = (text, onclick) => el('button', { class: 'small', type: 'button', onclick }, text);
