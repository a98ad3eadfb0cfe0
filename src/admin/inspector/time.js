// Times and lengths of time as people read them.

import { language, t } from './words.js';

const UNITS = [['day', 86400], ['hour', 3600], ['minute', 60], ['second', 1]];
/** Clocks may differ by this much before it matters here. */
const TOLERANCE = 3000;
let offset = 0;

const relative = {};
const absolute = {};

function formats(cache, make) {
  return (cache[language()] ??= make(language()));
}

/** Takes the server's `Date`: ages are told by the clock that wrote the timestamps. */
export function hearDate(date) {
  const difference = Date.parse(date) - Date.now();
  if (Number.isFinite(difference)) offset = Math.abs(difference) > TOLERANCE ? difference : 0;
}

/** The server's time, in milliseconds. */
export function now() {
  return Date.now() + offset;
}

/** "3 minutes ago" */
export function ago(timestamp) {
  const seconds = Math.max(0, (now() - Date.parse(timestamp)) / 1000);
  if (!Number.isFinite(seconds)) return '';
  if (seconds < 5) return t('now');
  const [unit, length] = UNITS.find(([, length]) => seconds >= length) ?? UNITS.at(-1);
  const format = formats(relative, (l) => new Intl.RelativeTimeFormat(l, { style: 'short' }));
  return format.format(-Math.floor(seconds / length), unit);
}

/** "28 Nov 2026, 18:32:07": in the reader's time zone, with seconds. */
export function clock(timestamp) {
  const date = new Date(timestamp);
  if (Number.isNaN(date.getTime())) return '';
  const make = (l) => new Intl.DateTimeFormat(l === 'zh' ? 'zh-CN' : 'en-GB', { dateStyle: 'medium', timeStyle: 'medium' });
  return formats(absolute, make).format(date);
}

/** "31.2 ms", "1.84 s" */
export function span(milliseconds) {
  if (milliseconds === null || milliseconds === undefined) return '–';
  if (milliseconds < 1) return `${milliseconds.toFixed(2)} ms`;
  if (milliseconds < 100) return `${milliseconds.toFixed(1)} ms`;
  if (milliseconds < 1000) return `${milliseconds.toFixed(0)} ms`;
  return `${(milliseconds / 1000).toFixed(2)} s`;
}
