// The way from the client over coswhy to COS and back, with the time that each part took.

import { h, svg } from './dom.js';
import { section } from './section.js';
import { value } from './text.js';
import { clock, span } from './time.js';
import { t } from './words.js';

function station(name, ...details) {
  return h('li', {}, h('strong', {}, name), details.filter(Boolean).map((detail) => h('span', {}, detail)));
}

/** A bar of the whole time, the part that was COS's in another colour. */
function bar(upstream, duration) {
  const share = Math.min(1, upstream / duration) * 100;
  const label = t('timesInWords', { all: span(duration), cos: span(upstream), own: span(Math.max(0, duration - upstream)) });
  return h('div', { class: 'times' },
    svg('svg', { class: 'way-bar', viewBox: '0 0 100 4', preserveAspectRatio: 'none', role: 'img', 'aria-label': label },
      svg('rect', { class: 'own', width: 100, height: 4 }), svg('rect', { class: 'cos', width: share, height: 4 })),
    h('p', { class: 'legend' },
      h('span', { class: 'key cos' }, t('timeOfCos', { n: span(upstream) })),
      h('span', { class: 'key own' }, t('timeOfProxy', { n: span(Math.max(0, duration - upstream)) })),
      h('span', {}, t('timeOfAll', { n: span(duration) }))));
}

export function way(exchange, explanation) {
  if (!exchange) return null;
  const { times } = exchange;
  const { upstream_ms: upstream, duration_ms: duration } = times;
  const host = explanation.request.host;
  const status = exchange.response?.status;
  return section(t('way'),
    h('ol', { class: 'way' },
      station(t('client'), exchange.client ? value(exchange.client) : null, times.received ? clock(times.received) : null),
      station('coswhy', duration !== null && upstream !== null ? span(Math.max(0, duration - upstream)) : null),
      station('COS', host ? value(host) : null,
        status ? t('answered', { status, n: span(upstream) }) : null)),
    upstream !== null && duration ? bar(upstream, duration) : null);
}
