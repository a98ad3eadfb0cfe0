// The request and COS's answer as they went over the wire, secrets masked.

import { code } from './copy.js';
import { h } from './dom.js';
import { section } from './section.js';
import { text } from './text.js';
import { t } from './words.js';

function fields(list) {
  return list.map(([name, content]) => h('div', { class: 'field' },
    h('span', { class: 'name' }, text(name), ': '), h('span', {}, text(content))));
}

function head(title, first, list) {
  return h('div', { class: 'message' }, h('h4', {}, title),
    h('div', { class: 'head', dir: 'ltr' }, h('div', { class: 'first-line' }, text(first)), fields(list)));
}

/** XML of COS comes in one line; as people read it, an element has a line. */
export function laidOut(body) {
  if (!/^\s*<(\?xml|Error)/.test(body) || body.trim().includes('\n')) return body;
  let depth = 0;
  return body.replace(/></g, '>\n<').split('\n').map((line) => {
    if (line.startsWith('</')) depth -= 1;
    const indented = '  '.repeat(Math.max(0, depth)) + line;
    if (/^<[^/?!][^>]*[^/]>[^<]*$/.test(line)) depth += 1;
    return indented;
  }).join('\n');
}

export function exchange(told) {
  if (!told) return null;
  const { request, response } = told;
  const version = request.version ?? 'HTTP/1.1';
  return section(t('exchange'),
    h('p', { class: 'note' }, t('masked')),
    h('div', { class: 'exchange' },
      head(t('request'), [request.method, request.target, version].filter(Boolean).join(' '), request.headers ?? []),
      response ? head(t('response'), `${version} ${response.status ?? ''}`, response.headers ?? []) : null),
    response?.body ? h('details', { open: true }, h('summary', {}, t('body'), response.body_truncated ? ` (${t('truncated')})` : ''),
      code(laidOut(response.body), t('copyBody'))) : null);
}
