import { ABANDONED, signIn, signOut } from './api.js';
import { $, fill, notice, say } from './dom.js';

/** Wires the form, the sign-out button and what both pages do when the backend refuses. <c>start</c> shows the page once the credential holds. */
export function openSession(start, { refused, end = () => {} }) {
  $('sign-in-form').addEventListener('submit', async (event) => {
    event.preventDefault();
    signIn($('credential').value);
    $('credential').value = '';
    fill('refused');
    event.submitter.disabled = true;
    await guard(start);
    event.submitter.disabled = false;
  });
  // Nothing of the person stays behind, neither in memory nor in the document.
  $('sign-out').addEventListener('click', async () => {
    await end();
    location.reload();
  });
  $('credential').focus();

  async function guard(action) {
    try {
      await action();
    } catch (error) {
      if (error.code === ABANDONED) return;
      const inside = !$('page').hidden;
      if (error.status === 401 || (error.status === 403 && !inside)) {
        leave(inside ? 'Your session has ended. Sign in again.' : refused);
      } else if (inside) {
        say('bad', error.message);
      } else {
        leave(error.message);
      }
    }
  }

  return guard;
}

function leave(why) {
  signOut();
  say();
  show(false);
  fill('refused', notice('bad', why));
}

export function show(page) {
  $('sign-in').hidden = page;
  $('page').hidden = !page;
  $('controls').hidden = !page;
  if (!page) $('credential').focus();
}
