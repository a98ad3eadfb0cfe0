// The list on the left. However many failures there are, only the rows in view are in the document.

import { h, setText, visible } from './dom.js';
import { draw, timeline } from './timeline.js';
import { ago, clock } from './time.js';
import { language, number, t } from './words.js';

/** Rows beyond the edges of the view, so that scrolling shows no gap; they are renewed when so few of them are left. */
const OVERSCAN = 8;
const LEFT = 3;

function newRow() {
  const parts = {
    title: h('span', { class: 'title' }),
    count: h('span', { class: 'count' }),
    target: h('span', { class: 'target' }),
    rate: h('span', { class: 'rate' }),
    seen: h('time', { class: 'seen' }),
    since: h('time', { class: 'since' }),
    line: timeline(),
  };
  const link = h('a', { class: 'failure-link', tabindex: '-1' },
    h('span', { class: 'first' }, parts.title, parts.count),
    parts.target,
    h('span', { class: 'last' }, parts.seen, parts.since, parts.rate, parts.line.drawing));
  return { item: h('li', {}, link), link, ...parts };
}

export class List {
  #scroller;
  #element;
  #rows = new Map();
  #spare = [];
  #scrolling = false;
  #drawn = { first: 0, last: 0 };
  #groups = [];
  #selected = null;
  #cursor = null;
  #height = 0;
  #on;

  /** `on` has: link(group), open(group), end() where the last row comes into view. */
  constructor(scroller, element, on) {
    this.#scroller = scroller;
    this.#element = element;
    this.#on = on;
    scroller.addEventListener('scroll', () => this.#scrolled(), { passive: true });
    // A row's height follows the size of the letters.
    new ResizeObserver(() => {
      this.#height = 0;
      this.draw();
    }).observe(scroller);
    element.addEventListener('keydown', (event) => this.#key(event));
    element.addEventListener('click', (event) => this.#click(event));
  }

  /** Somebody is at it: it must not move under the pointer or the focus. */
  get busy() {
    return this.#scroller.matches(':hover') || this.#element.contains(document.activeElement);
  }

  show(groups, selected) {
    this.#groups = groups;
    this.#selected = selected;
    this.draw();
  }

  #scrolled() {
    if (this.#scrolling) return;
    this.#scrolling = true;
    requestAnimationFrame(() => {
      this.#scrolling = false;
      if (!this.#covered()) this.draw(false);
    });
  }

  /** Whether there are rows for the view and a little around it. */
  #covered() {
    const { scrollTop, clientHeight } = this.#scroller;
    const above = Math.floor(scrollTop / this.#height) - LEFT;
    const below = Math.ceil((scrollTop + clientHeight) / this.#height) + LEFT;
    const { first, last } = this.#drawn;
    return (first === 0 || above >= first) && (last === this.#groups.length || below <= last);
  }

  /** Rows that were in view already are filled anew only where `all` are. */
  draw(all = true) {
    this.#height ||= this.#measure();
    if (this.#height === 0) return;
    const { scrollTop, clientHeight } = this.#scroller;
    const first = Math.max(0, Math.floor(scrollTop / this.#height) - OVERSCAN);
    const last = Math.min(this.#groups.length, Math.ceil((scrollTop + clientHeight) / this.#height) + OVERSCAN);
    this.#drawn = { first, last };
    this.#element.style.height = `${this.#groups.length * this.#height}px`;
    const at = new Map();
    for (let index = first; index < last; index += 1) at.set(this.#groups[index].fingerprint, index);
    // The row with the focus stays wherever it is.
    const focused = this.#focusedFingerprint();
    const focusedAt = focused === null || at.has(focused) ? -1 : this.#indexOf(focused);
    if (focusedAt >= 0) at.set(focused, focusedAt);
    for (const [fingerprint, row] of this.#rows) {
      if (at.has(fingerprint)) continue;
      row.item.remove();
      this.#rows.delete(fingerprint);
      this.#spare.push(row);
    }
    const tabStop = at.has(this.#cursor) ? this.#cursor : at.has(this.#selected) ? this.#selected : this.#groups[first]?.fingerprint;
    // In the document they stand as on the screen, for those who do not see the screen.
    let before = null;
    for (const [fingerprint, index] of [...at].sort((a, b) => a[1] - b[1])) {
      const known = this.#rows.get(fingerprint);
      const row = known ?? this.#add(fingerprint);
      if (all || !known) this.#fill(row, this.#groups[index], index);
      const tabIndex = fingerprint === tabStop ? '0' : '-1';
      if (row.tabIndex !== tabIndex) row.link.setAttribute('tabindex', row.tabIndex = tabIndex);
      this.#place(row.item, before, fingerprint === focused);
      before = row.item;
    }
    if (last === this.#groups.length) this.#on.end();
  }

  /** Puts a row after the one `before`. One with the focus would lose it by being moved: there the others make way. */
  #place(item, before, focused) {
    const next = () => (before ? before.nextSibling : this.#element.firstChild);
    if (!focused) {
      if (next() !== item) this.#element.insertBefore(item, next());
      return;
    }
    while (next() !== item) next().remove();
  }

  #measure() {
    const row = newRow();
    this.#element.append(row.item);
    const { height } = row.item.getBoundingClientRect();
    row.item.remove();
    return height;
  }

  /** A row that has gone out of view is used again. */
  #add(fingerprint) {
    const row = this.#spare.pop() ?? newRow();
    row.item.dataset.fingerprint = fingerprint;
    this.#rows.set(fingerprint, row);
    return row;
  }

  #fill(row, group, index) {
    const position = `translateY(${index * this.#height}px)`;
    if (row.position !== position) row.item.style.transform = row.position = position;
    if (row.of !== this.#groups.length) row.item.setAttribute('aria-setsize', row.of = this.#groups.length);
    if (row.index !== index) row.item.setAttribute('aria-posinset', (row.index = index) + 1);
    const href = this.#on.link(group);
    if (row.href !== href) row.link.setAttribute('href', row.href = href);
    const current = String(group.fingerprint === this.#selected);
    if (row.current !== current) row.link.setAttribute('aria-current', row.current = current);
    setText(row.title, visible(group.title));
    setText(row.count, number(group.count));
    setText(row.target, visible([group.status, group.method, group.bucket ?? t('noBucket'), group.key_id].filter(Boolean).join(' ')));
    const again = group.first_seen !== group.last_seen;
    setText(row.seen, again ? t('lastSeen', { ago: ago(group.last_seen) }) : ago(group.last_seen));
    setText(row.since, again ? t('firstSeen', { ago: ago(group.first_seen) }) : '');
    // Formatting a date takes longer than all the rest, and most rows have not changed.
    const seen = `${language()} ${group.first_seen} ${group.last_seen}`;
    if (row.seenAs !== seen) {
      row.seenAs = seen;
      row.seen.dateTime = group.last_seen;
      row.seen.title = clock(group.last_seen);
      row.since.dateTime = group.first_seen;
      row.since.title = clock(group.first_seen);
    }
    setText(row.rate, group.rate_per_minute >= 0.05 ? t('perMinute', { n: number(group.rate_per_minute, group.rate_per_minute < 10 ? 1 : 0) }) : '');
    draw(row.line, group.timeline);
  }

  #indexOf(fingerprint) {
    return this.#groups.findIndex((group) => group.fingerprint === fingerprint);
  }

  #focusedFingerprint() {
    return document.activeElement?.closest?.('[data-fingerprint]')?.dataset.fingerprint ?? null;
  }

  #click(event) {
    const item = event.target.closest('[data-fingerprint]');
    // With a key held down the browser opens a tab or a window.
    if (!item || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    this.#open(this.#indexOf(item.dataset.fingerprint));
  }

  #key(event) {
    const at = this.#indexOf(this.#focusedFingerprint());
    const page = Math.max(1, Math.floor(this.#scroller.clientHeight / this.#height) - 1);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + page, PageUp: at - page, Home: 0, End: this.#groups.length - 1 }[event.key];
    if (to === undefined || at < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    this.focus(Math.min(Math.max(to, 0), this.#groups.length - 1));
  }

  /** Moves the focus to a row, and shows its failure. */
  focus(index) {
    const group = this.#groups[index];
    if (!group) return;
    const { clientHeight, scrollTop } = this.#scroller;
    const top = index * this.#height;
    if (top < scrollTop) this.#scroller.scrollTop = top;
    else if (top + this.#height > scrollTop + clientHeight) this.#scroller.scrollTop = top + this.#height - clientHeight;
    this.#cursor = group.fingerprint;
    this.draw();
    this.#rows.get(group.fingerprint)?.link.focus({ preventScroll: true });
    this.#open(index);
  }

  #open(index) {
    const group = this.#groups[index];
    if (!group) return;
    this.#cursor = group.fingerprint;
    this.#on.open(group);
  }
}
