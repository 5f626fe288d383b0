import { get, post, remove } from './api.js';
import { act, badge, button, el, field, fill, form, outcome, secret, table } from './dom.js';
import { day } from './format.js';

export async function showKeys() {
  const list = el('div');
  const said = outcome();
  const load = async () => fill(list, keyTable((await get('api-keys')).api_keys, said, load));
  try {
    await load();
  } catch (error) {
    if (error.status !== 403) throw error;
    fill('keys', el('p', { class: 'empty' }, 'Sign in with a session token to manage API keys.'));
    return;
  }

  fill('keys', keyForm(said, load), said, list);
}

function keyTable(keys, said, load) {
  return table('API keys', [
    { title: 'Name', class: 'wrap', cell: (key) => key.name },
    { title: 'Key', class: 'when', cell: (key) => el('code', {}, key.masked) },
    { title: 'For', cell: (key) => (key.environment === 'test' ? badge('test', 'warn') : key.environment) },
    { title: 'Created', class: 'when', cell: (key) => day(key.created_at) },
    { title: 'Last used', class: 'when', cell: (key) => day(key.last_used_at) },
    { title: '', class: 'actions', cell: (key) => (key.revoked_at ? badge('revoked', 'bad') : button('Revoke', () => revoke(key, said, load), 'small danger')) },
  ], keys, { empty: 'No keys yet.' });
}

function keyForm(said, load) {
  const name = el('input', { required: true, maxlength: 100, autocomplete: 'off' });
  const environment = el('select', {}, el('option', { value: 'production' }, 'production'), el('option', { value: 'test' }, 'test: nothing is charged'));
  const create = () => act(said, async () => {
    const created = await post('api-keys', { name: name.value, environment: environment.value });
    name.value = '';
    await load();
    return ['Copy it now, it is not shown again: ', secret(created.key)];
  });
  return form('row', create, field('Name', name), field('For', environment), el('button', { type: 'submit' }, 'Create key'));
}

async function revoke(key, said, load) {
  if (!confirm(`Revoke "${key.name}"? Requests with it are refused within 30 seconds.`)) return;
  await act(said, async () => {
    await remove(`api-keys/${key.id}`);
    await load();
    return [`"${key.name}" is revoked.`];
  });
}
