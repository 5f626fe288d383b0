// Asks the API. The credential lives in this module only: a reload forgets it.
let credential = '';
let view = new AbortController();

export class Refusal extends Error {
  constructor(problem, status) {
    super(problem?.detail ?? `The backend answered ${status}.`);
    this.code = problem?.code ?? 'UNKNOWN';
    this.status = status;
  }
}

/** What is still being read for another view than the one that is wanted now. */
export const ABANDONED = 'ABANDONED';

export function signIn(text) { credential = text.trim(); }
export const holdsToken = () => credential.startsWith('eyJ');
export function signOut() { credential = ''; }

/** Lets go of every read under way, so that an answer for the last workspace never lands in the view of the next. */
export function abandonReads() {
  view.abort();
  view = new AbortController();
}

async function ask(method, path, body, signal) {
  const { response, text } = await send(method, path, body, signal);
  if (!response.ok) throw new Refusal(parsed(text), response.status);
  return parsed(text);
}

async function send(method, path, body, signal) {
  try {
    const response = await fetch(`/api/v1/${path}`, {
      method,
      headers: {
        ...(credential ? { Authorization: `Bearer ${credential}` } : {}),
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
      cache: 'no-store',
      credentials: 'omit',
      signal,
    });
    return { response, text: await response.text() };
  } catch {
    throw signal?.aborted ? new Refusal({ code: ABANDONED }, 0) : new Refusal({ detail: 'The backend cannot be reached.' }, 0);
  }
}

// What stands in front of the backend may answer an error in HTML.
function parsed(text) {
  try {
    return text ? JSON.parse(text) : null;
  } catch {
    return null;
  }
}

export const get = (path) => ask('GET', path, undefined, view.signal);
export const post = (path, body = {}) => ask('POST', path, body);
export const remove = (path) => ask('DELETE', path);
