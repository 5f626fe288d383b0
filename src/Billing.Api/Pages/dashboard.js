import { abandonReads, get, holdsToken, post, remove, signIn } from './api.js';
import { $, el, fill, say } from './dom.js';
import { words } from './format.js';
import { planOf, showBalance, showPlan, stateOf } from './balance.js';
import { covered, showCalculator } from './calculator.js';
import { downloadLedger, showLedger } from './ledger.js';
import { showOverage } from './overage.js';
import { showKeys } from './keys.js';
import { openSession, show } from './session.js';
import { showSpend } from './spend.js';
import { showWebhooks } from './webhooks.js';

const TYPES = ['deduction', 'refund', 'purchase', 'grant', 'renewal_expiry', 'overage', 'adjustment'];

let catalog;

fill('history-type', el('option', { value: '' }, 'Everything'), TYPES.map((type) => el('option', { value: type }, words(type))));

const guard = openSession(start, {
  refused: 'That key or token does not work.',
  end: () => remove('session').catch(() => {}),
});
$('refresh').addEventListener('click', () => guard(load));
$('workspace').addEventListener('change', () => guard(load));
$('history-type').addEventListener('change', () => guard(showHistory));
$('csv').addEventListener('click', () => guard(() => downloadLedger(historyQuery())));

async function start() {
  // The page keeps no key: what it keeps is not limited by the plan, and ends when somebody signs out.
  if (!holdsToken()) signIn((await post('session')).token);
  const { workspaces } = await get('workspaces');
  catalog = await get(`plans?product=${workspaces[0].product}`);
  document.title = $('title').textContent = `${catalog.name} credits`;
  fill('workspace', workspaces.map((one) => el('option', { value: one.id, selected: one.default }, `${one.name} (${one.type})`)));
  await load();
  $('workspace').focus();
}

async function load() {
  abandonReads();
  $('page').setAttribute('aria-busy', 'true');
  const workspace = $('workspace').value;
  const credits = await get(`credits?workspaceId=${workspace}`);
  show(true);
  say(...stateOf(credits, catalog));
  showBalance(credits);
  showPlan(credits, catalog);
  showCalculator(catalog, { worth: (price) => el('p', {}, covered(credits.credits, planOf(credits, catalog), price)) });
  await Promise.all([
    showSpend(workspace, credits),
    showHistory(),
    showOverage(workspace, credits, catalog),
    showKeys(),
    showWebhooks(workspace),
  ]);
  $('page').setAttribute('aria-busy', 'false');
}

function historyQuery() {
  const type = $('history-type').value;
  return `credits/history?workspaceId=${$('workspace').value}&${type ? `type=${type}&` : ''}`;
}

const showHistory = () => showLedger($('history'), historyQuery(), $('history-type').value ? 'Nothing of this type.' : 'Nothing yet.');
