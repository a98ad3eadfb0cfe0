// The admin API: requests with the token, and its problems as errors with a sentence.

import { hearDate } from './time.js';
import { has, language, t } from './words.js';

const KEPT = 'coswhy-token';
let askForToken = async () => null;

/** An answer that is none: its status (0 where nobody answered), a sentence, and the server's where that says more. */
export class Problem extends Error {
  constructor(status, sentence, detail = '') {
    super(sentence);
    this.status = status;
    this.detail = detail;
  }
}

/** `ask` is called where the token is missing or wrong; it resolves to another. */
export function whenUnauthorized(ask) {
  askForToken = ask;
}

function authorized(headers) {
  const token = sessionStorage.getItem(KEPT);
  return token ? { ...headers, Authorization: `Bearer ${token}` } : headers;
}

let asking = null;
async function newToken() {
  // Requests that fail together ask once.
  asking ??= askForToken(sessionStorage.getItem(KEPT) !== null).finally(() => { asking = null; });
  sessionStorage.setItem(KEPT, await asking);
}

/** A request; its response, whatever the body is, or a Problem. */
export async function request(path, options = {}) {
  const sent = sessionStorage.getItem(KEPT);
  let response;
  try {
    response = await fetch(path, { ...options, headers: authorized(options.headers) });
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    throw new Problem(0, t('unreachable'));
  }
  hearDate(response.headers.get('date'));
  if (response.status === 401) {
    // Another request may have got a newer token meanwhile.
    if (sessionStorage.getItem(KEPT) === sent) await newToken();
    return request(path, options);
  }
  if (!response.ok) throw await problem(response);
  return response;
}

/** What the page has words for is said in the language that is shown; the rest in the server's words. */
async function problem(response) {
  const { status, statusText } = response;
  const { detail = `${status} ${statusText}` } = await response.json().catch(() => ({}));
  const known = `problem.${status}`;
  if (has(known)) return new Problem(status, t(known));
  // /explain says what is wrong with a text in the language that it was asked for.
  if (status === 422) return new Problem(status, detail);
  return new Problem(status, t('refused', { status }), detail);
}

/** `/path?a=b` without what is not set. */
export function query(path, parameters) {
  const set = Object.entries(parameters).filter(([, value]) => value !== null && value !== undefined && value !== '');
  return set.length ? `${path}?${new URLSearchParams(set)}` : path;
}

async function json(path, options) {
  return (await request(path, options)).json();
}

export function groups(filters, next, signal) {
  return json(query('/groups', { ...filters, next, limit: 100, lang: language() }), { signal });
}

export function diagnosis(id, signal) {
  return json(query(`/diagnoses/${encodeURIComponent(id)}`, { lang: language() }), { signal });
}

export function occurrences(filters, fingerprint, next) {
  return json(query('/diagnoses', { ...filters, fingerprint, next, limit: 20 }));
}

/** The rules that there are, by their causes. */
export async function rules() {
  return (await json(query('/rules', { lang: language() }))).rules;
}

/** What coswhy finds in a file or a text that people saved. */
export function explain(body) {
  const headers = { 'Content-Type': 'application/octet-stream' };
  return json(query('/explain', { lang: language() }), { method: 'POST', headers, body });
}
