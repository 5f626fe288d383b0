import { ABANDONED, signIn, signOut, signedIn } from './api.js';
import { $, say } from './dom.js';

/** Wires the form, the sign-out button and what both pages do when the backend refuses. <c>start</c> shows the page once the credential holds. */
export function openSession(start, { refused }) {
  $('sign-in-form').addEventListener('submit', async (event) => {
    event.preventDefault();
    signIn($('credential').value);
    $('credential').value = '';
    await guard(start);
  });
  // Nothing of the person stays behind, neither in memory nor in the document.
  $('sign-out').addEventListener('click', () => location.reload());
  $('credential').focus();

  async function guard(action) {
    try {
      await action();
    } catch (error) {
      if (error.code === ABANDONED) return;
      const ended = signedIn() && !$('page').hidden;
      if (error.status === 401 || (error.status === 403 && !ended)) {
        signOut();
        show(false);
        say('bad', ended ? 'Your session has ended. Sign in again.' : refused);
      } else {
        say('bad', error.message);
      }
    }
  }

  return guard;
}

export function show(page) {
  $('sign-in').hidden = page;
  $('page').hidden = !page;
  $('controls').hidden = !page;
  if (!page) $('credential').focus();
}
