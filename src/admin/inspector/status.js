// What the page says of itself: the connection, and news for those who listen instead of look.

import { setText } from './dom.js';
import { t } from './words.js';

/** News for a screen reader come no more often than this, whatever the rate of failures. */
const QUIET = 10_000;

const connection = document.getElementById('connection');
const words = document.getElementById('connection-words');
const retry = document.getElementById('retry');
const announcements = document.getElementById('announcements');

let state = 'connecting';
let countdown = null;

/** Shows the connection: `connecting`, `live`, or `lost` with the milliseconds until the next try; `crowded` says why. */
export function showConnection(now, pause = 0, crowded = false) {
  clearInterval(countdown);
  state = now;
  connection.dataset.state = now;
  connection.title = now === 'live' ? t('liveTitle') : '';
  retry.hidden = now !== 'lost';
  if (now !== 'lost') return setText(words, t(now));
  const until = Date.now() + pause;
  const tell = () => {
    const seconds = Math.ceil((until - Date.now()) / 1000);
    setText(words, seconds > 0 ? t(crowded ? 'crowded' : 'lost', { n: seconds }) : t('lostNow'));
  };
  tell();
  countdown = setInterval(tell, 1000);
}

/** Says the same in the language that is now shown. */
export function translateConnection() {
  if (state !== 'lost') showConnection(state);
}

export function onRetry(listener) {
  retry.addEventListener('click', listener);
}

/** Read out at once. */
export function announce(text) {
  announcements.textContent = text;
}

let waiting = null;
let last = 0;

/** Read out when the last is long enough ago; of several only the newest, so `tell` is asked as late as possible. */
export function announceCalmly(tell) {
  if (waiting) return;
  waiting = setTimeout(() => {
    waiting = null;
    last = Date.now();
    announce(tell());
  }, Math.max(500, last + QUIET - Date.now()));
}
