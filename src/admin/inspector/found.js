// What was found in a file or a pasted text, in the place of the live failures.

import { h, visible } from './dom.js';
import { count, t } from './words.js';

const side = document.getElementById('found');
const live = document.getElementById('live');

function row(explanation, open) {
  const { request, status, cos } = explanation;
  const target = [status, request.method, cos.bucket ?? request.host].filter(Boolean).join(' ');
  return h('li', {}, h('button', { type: 'button', class: 'failure-link', onclick: open },
    h('span', { class: 'title' }, visible(explanation.title)),
    h('span', { class: 'target' }, visible(target)),
    request.path ? h('span', { class: 'target' }, visible(request.path)) : null,
    explanation.source ? h('span', { class: 'seen' }, visible(explanation.source)) : null));
}

/** `on` has: open(explanation), back(). */
export function showFound(answer, name, on) {
  const rows = answer.explanations.map((explanation, at) => row(explanation, () => select(at)));
  function select(at) {
    rows.forEach((item, index) => item.firstChild.setAttribute('aria-current', String(index === at)));
    on.open(answer.explanations[at]);
  }
  const list = h('ol', { class: 'found', role: 'list' }, rows);
  list.addEventListener('keydown', (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const to = step && rows[rows.indexOf(event.target.closest('li')) + step];
    if (!to) return;
    event.preventDefault();
    to.firstChild.focus();
    to.firstChild.click();
  });
  const title = h('h2', { tabindex: '-1' }, t('found', { name: visible(name) }));
  const notes = [count('foundMany', rows.length), ...answer.notes];
  side.replaceChildren(
    h('div', { class: 'side-head' }, title, h('button', { type: 'button', class: 'quiet', onclick: on.back }, t('back'))),
    h('ul', { class: 'notes', role: 'list' }, notes.map((note) => h('li', {}, visible(note)))), list);
  side.hidden = false;
  live.hidden = true;
  title.focus();
  if (rows.length > 0) select(0);
}

export function hideFound() {
  side.hidden = true;
  side.replaceChildren();
  live.hidden = false;
}
