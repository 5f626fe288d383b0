// Asks the API. The credential lives in this module only: a reload forgets it.
let credential = '';

export class Refusal extends Error {
  constructor(problem, status) {
    super(problem?.detail ?? `The backend answered ${status}.`);
    this.code = problem?.code ?? 'UNKNOWN';
    this.status = status;
    this.problem = problem;
  }
}

export function signIn(text) { credential = text.trim(); }
export function signOut() { credential = ''; }

export async function ask(method, path, body) {
  let response;
  try {
    response = await fetch(`/api/v1/${path}`, {
      method,
      headers: {
        Authorization: `Bearer ${credential}`,
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
      cache: 'no-store',
      credentials: 'omit',
    });
  } catch {
    throw new Refusal({ detail: 'The backend cannot be reached.' }, 0);
  }

  const text = await response.text();
  const json = text ? JSON.parse(text) : null;
  if (!response.ok) throw new Refusal(json, response.status);
  return json;
}

export const get = (path) => ask('GET', path);
export const post = (path, body = {}) => ask('POST', path, body);
export const remove = (path) => ask('DELETE', path);
