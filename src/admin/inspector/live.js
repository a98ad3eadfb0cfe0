// The live list: groups from the server, changed by events, drawn a few times a second whatever comes.

import * as api from './api.js';
import { setText, visible } from './dom.js';
import { Events } from './events.js';
import { Groups } from './groups.js';
import { List } from './list.js';
import { announce, announceCalmly, onRetry, showConnection } from './status.js';
import { now } from './time.js';
import { count, t } from './words.js';

const DRAW = 250;
const SORT = 1000;
const TICK = 10_000;
/** After a new kind of failure the server's own words for it are fetched, this often at most. */
const REFRESH = 3000;

const scroller = document.getElementById('scroller');
const total = document.getElementById('total');
const button = document.getElementById('arrivals');

export class Live {
  #groups = new Groups();
  #events;
  #list;
  #on;
  #filters = {};
  #selected = null;
  #loading = new AbortController();
  #loadingMore = false;
  /** New failures that wait, because somebody is at the list. */
  #arrivals = 0;
  #drawn = 0;
  #sorted = 0;
  #waiting = false;
  #refreshing = null;
  #unannounced = [];
  #failed = false;
  /** Whether the server has said what there is. */
  ready = false;

  /** `on` has: link(group), open(group), loaded(groups), problem(problem), changed() after news. */
  constructor(on) {
    this.#on = on;
    this.#list = new List(scroller, document.getElementById('failures'), {
      link: on.link, open: on.open, end: () => this.#more(),
    });
    this.#events = new Events({
      diagnosis: (item) => this.#hear(item),
      lost: (number) => {
        if (number > 0) announce(count('skipped', number));
        this.refresh();
      },
      open: (again) => {
        showConnection('live');
        if (again) announce(t('reconnected'));
        if (again || this.#failed) this.refresh();
      },
      closed: (pause, status) => showConnection('lost', pause, status === 503),
    });
    onRetry(() => this.#events.retry());
    button.addEventListener('click', () => this.#welcome());
    setInterval(() => { this.#groups.tick(now()); this.#schedule(); }, TICK);
  }

  group(fingerprint) {
    return this.#groups.get(fingerprint);
  }

  get all() {
    return this.#groups.order;
  }

  /** Shows the failures of these filters, and follows them. */
  async follow(filters) {
    this.#filters = filters;
    this.ready = false;
    this.#groups.clear();
    this.#arrivals = 0;
    scroller.scrollTop = 0;
    setText(total, t('loading'));
    this.#events.follow(filters);
    await this.refresh();
  }

  select(fingerprint) {
    this.#selected = fingerprint;
    this.#draw();
  }

  /** The first page anew: the server's counts and words. */
  async refresh() {
    this.#loading.abort();
    const loading = (this.#loading = new AbortController());
    try {
      const page = await api.groups(this.#filters, null, loading.signal);
      if (!this.ready) this.#groups.next = page.next;
      this.ready = true;
      this.#failed = false;
      this.#groups.load(page.groups);
      if (!this.#atRest()) this.#groups.sort();
      this.#draw();
      this.#on.loaded(this.#groups);
    } catch (problem) {
      if (problem.name === 'AbortError') return;
      this.#failed = true;
      if (!this.ready) setText(total, t('failures'));
      this.#on.problem(problem);
    }
  }

  async #more() {
    if (this.#loadingMore || this.#groups.next === null) return;
    this.#loadingMore = true;
    const { signal } = this.#loading;
    try {
      const page = await api.groups(this.#filters, this.#groups.next, signal);
      this.#groups.next = page.next;
      this.#groups.load(page.groups);
      this.#draw();
    } catch { /* at the next scroll */ }
    this.#loadingMore = false;
  }

  #hear(item) {
    if (this.#groups.apply(item)) {
      if (this.#atRest()) this.#arrivals += 1;
      // One that came before is only further down than the list was read.
      if (item.count === 1) {
        this.#unannounced.push(item.fingerprint);
        announceCalmly(() => this.#news());
      }
      this.#refreshing ??= setTimeout(() => { this.#refreshing = null; this.refresh(); }, REFRESH);
    }
    this.#schedule();
  }

  #news() {
    const fresh = this.#unannounced.splice(0);
    const title = visible(this.#groups.get(fresh[0])?.title ?? '');
    return fresh.length === 1 ? t('arrived.one', { title }) : count('arrived', fresh.length);
  }

  /** Whether the order must stay as it is: somebody is at the list, or has scrolled away from its beginning. */
  #atRest() {
    return this.#list.busy || scroller.scrollTop > 0;
  }

  #welcome() {
    this.#arrivals = 0;
    this.#groups.sort();
    scroller.scrollTop = 0;
    this.#draw();
    this.#list.focus(0);
  }

  #schedule() {
    if (this.#waiting) return;
    this.#waiting = true;
    const pause = Math.max(0, this.#drawn + DRAW - performance.now());
    setTimeout(() => requestAnimationFrame(() => {
      this.#waiting = false;
      this.#draw();
      this.#on.changed();
    }), pause);
  }

  #draw() {
    const time = performance.now();
    this.#drawn = time;
    if (!this.#atRest()) {
      this.#arrivals = 0;
      if (time - this.#sorted > SORT) {
        this.#groups.sort();
        this.#sorted = time;
      }
    }
    const { size, next, order } = this.#groups;
    if (this.ready) setText(total, next === null ? count('groups', size) : count('groupsMore', size));
    button.hidden = this.#arrivals === 0;
    setText(button, count('arrivals', this.#arrivals));
    this.#list.show(order.slice(this.#arrivals), this.#selected);
  }
}
