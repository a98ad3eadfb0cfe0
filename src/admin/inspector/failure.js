// One failure, whole: from the cause in a sentence to the exchange as it was.

import { checklist, evidence } from './checks.js';
import { copyButton } from './copy.js';
import { difference } from './difference.js';
import { h } from './dom.js';
import { exchange } from './exchange.js';
import { fixes } from './fixes.js';
import { occurrences } from './occurrences.js';
import { names, section } from './section.js';
import { text, value } from './text.js';
import { ago, clock } from './time.js';
import { count, t } from './words.js';
import { way } from './way.js';

function copied(whole, label) {
  return whole ? [value(whole), copyButton(whole, label)] : null;
}

function address(explanation) {
  const { method, host, path } = explanation.request;
  return [method, host || path ? `${host ?? ''}${path ?? ''}` : null].filter(Boolean).join(' ');
}

function head(explanation) {
  const { diagnosis, title, status, detail, timestamp, count: times } = explanation;
  const where = address(explanation);
  return h('header', {},
    h('p', { class: 'facts' },
      h('span', { class: `confidence ${diagnosis.confidence}`, title: t(`confidence.${diagnosis.confidence}.means`) },
        t(`confidence.${diagnosis.confidence}`)),
      h('code', {}, diagnosis.cause),
      status ? h('span', {}, `HTTP ${status}`) : null,
      timestamp ? h('time', { datetime: timestamp, title: ago(timestamp) }, clock(timestamp)) : null,
      times > 1 ? h('span', {}, count('times', times)) : null),
    h('h2', { id: 'failure-title', tabindex: '-1' }, text(title)),
    h('p', { class: 'summary' }, text(diagnosis.summary)),
    detail && detail !== diagnosis.summary ? h('p', { class: 'detail' }, text(detail)) : null,
    where ? h('p', { class: 'where' }, value(where)) : null);
}

function alternatives(list) {
  if (list.length === 0) return null;
  return section(t('alternatives'), h('ul', { class: 'alternatives', role: 'list' }, list.map((other) => h('li', {},
    h('code', {}, other.cause), ` ${t(`confidence.${other.confidence}`)}`))));
}

function saidByCos({ cos, request }) {
  const { auth } = request;
  return section(t('saidByCos'), names([
    [t('errorCode'), cos.code ? value(cos.code) : null],
    [t('errorMessage'), cos.message ? value(cos.message) : null],
    [t('bucket'), cos.bucket ? value(cos.bucket) : null],
    [t('region'), cos.region ? value(cos.region) : null],
    [t('objectKey'), cos.key ? value(cos.key) : null],
    [t('action'), cos.action ? value(cos.action) : null],
    [t('signedBy'), auth.secret_id ? [value(auth.secret_id), auth.scheme ? ` (${auth.scheme})` : ''] : null],
    [t('signedFor'), auth.sign_end ? `${auth.sign_start ? clock(auth.sign_start) : '…'} – ${clock(auth.sign_end)}` : null],
    [t('serverTime'), cos.server_time ? clock(cos.server_time) : null],
    ['RequestId', copied(cos.request_id, t('copyRequestId'))],
    ['TraceId', copied(cos.trace_id, t('copyTraceId'))],
  ]));
}

/** The elements of a failure. `on` has: link(id), open(id), for the others like it. */
export function failure(explanation, filters, on) {
  const { diagnosis, exchange: told } = explanation;
  return [
    head(explanation),
    fixes(diagnosis.fixes),
    difference(diagnosis.difference),
    checklist(diagnosis.checklist),
    evidence(diagnosis.evidence),
    alternatives(diagnosis.alternatives),
    way(told, explanation),
    saidByCos(explanation),
    exchange(told),
    occurrences(explanation.fingerprint, explanation.instance.replace('urn:ulid:', ''), filters, on),
  ].filter(Boolean);
}
