import { get, signIn, signOut } from './api.js';
import { $, el, fill, say } from './dom.js';
import { showBalance, showPlan, showOverage, stateOf } from './balance.js';
import { showCalculator } from './calculator.js';
import { showHistory, showSpend } from './history.js';
import { showKeys } from './keys.js';
import { showWebhooks } from './webhooks.js';

const TYPES = ['', 'deduction', 'refund', 'purchase', 'grant', 'renewal_expiry', 'overage', 'adjustment'];

let product = '';

fill('history-type', TYPES.map((type) => el('option', { value: type }, type === '' ? 'everything' : type.replace('_', ' '))));

$('sign-in-form').addEventListener('submit', async (event) => {
  event.preventDefault();
  signIn($('credential').value);
  $('credential').value = '';
  await guard(start);
});
$('sign-out').addEventListener('click', () => {
  signOut();
  show(false);
  say('good', 'Signed out.');
});
$('refresh').addEventListener('click', () => guard(load));
$('workspace').addEventListener('change', () => guard(load));
$('history-type').addEventListener('change', () => guard(() => showHistory($('workspace').value, $('history-type').value)));

async function start() {
  const { workspaces } = await get('workspaces');
  product = workspaces[0].product;
  fill('workspace', workspaces.map((one) => el('option', { value: one.id, selected: one.default }, `${one.name} (${one.type})`)));
  show(true);
  await load();
}

async function load() {
  const workspace = $('workspace').value;
  const credits = await get(`credits?workspaceId=${workspace}`);
  say(...stateOf(credits));
  showBalance(credits);
  showPlan(credits);
  showOverage(workspace, credits);
  await Promise.all([
    showHistory(workspace, $('history-type').value),
    showSpend(workspace, credits),
    showCalculator(workspace, product),
    showKeys(),
    showWebhooks(workspace),
  ]);
}

function show(signedIn) {
  $('sign-in').hidden = signedIn;
  $('page').hidden = !signedIn;
  $('controls').hidden = !signedIn;
  (signedIn ? $('workspace') : $('credential')).focus();
}

async function guard(action) {
  try {
    await action();
  } catch (error) {
    if (error.status === 401) show(false);
    say('bad', error.status === 401 ? 'That key or token does not work.' : error.message);
  }
}
