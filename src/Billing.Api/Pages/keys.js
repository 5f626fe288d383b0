import { get, post, remove } from './api.js';
import { el, fill, day, table } from './dom.js';

export async function showKeys() {
  let keys;
  try {
    keys = (await get('api-keys')).api_keys;
  } catch (error) {
    if (error.status !== 403) throw error;
    fill('keys', el('p', { class: 'muted' }, 'Sign in with a session token to manage API keys.'));
    return;
  }

  const fresh = el('div', { 'aria-live': 'polite' });
  fill('keys', form(fresh), fresh, table('API keys', [
    { title: 'Name', cell: (key) => key.name },
    { title: 'Key', class: 'mono', cell: (key) => key.masked },
    { title: 'For', cell: (key) => key.environment },
    { title: 'Created', cell: (key) => day(key.created_at) },
    { title: 'Last used', cell: (key) => day(key.last_used_at) },
    { title: '', cell: (key) => (key.revoked_at ? el('span', { class: 'badge' }, 'revoked') : el('button', { class: 'small', type: 'button', onclick: () => revoke(key) }, 'Revoke')) },
  ], keys, 'No keys yet.'));
}

function form(fresh) {
  const name = el('input', { required: true, maxlength: 100 });
  const environment = el('select', {}, el('option', { value: 'production' }, 'production'), el('option', { value: 'test' }, 'test'));
  const element = el('form', { class: 'row' }, el('label', {}, 'Name', name), el('label', {}, 'For', environment), el('button', { type: 'submit' }, 'Create key'));
  element.addEventListener('submit', async (event) => {
    event.preventDefault();
    try {
      const created = await post('api-keys', { name: name.value, environment: environment.value });
      await showKeys();
      document.querySelector('#keys [aria-live]').replaceChildren(el('div', { class: 'notice good' }, 'Copy it now, it is not shown again: ', el('code', { id: 'new-key' }, created.key)));
    } catch (error) {
      fill(fresh, el('div', { class: 'notice bad' }, error.message));
    }
  });
  return element;
}

async function revoke(key) {
  if (confirm(`Revoke "${key.name}"? Requests with it are refused within 30 seconds.`)) {
    await remove(`api-keys/${key.id}`);
    await showKeys();
  }
}
