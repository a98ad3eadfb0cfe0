// The right side: one failure, or what stands there in its place.

import * as api from './api.js';
import { failed, gone } from './empty.js';
import { failure } from './failure.js';
import { h } from './dom.js';
import { t } from './words.js';

const main = document.getElementById('failure');

export class Reader {
  #loading = new AbortController();
  #newer = null;
  #instead = null;
  #on;
  /** The id and the failure that are shown. */
  id = null;
  fingerprint = null;

  /** `on` has: link(id), open(id), opened(fingerprint), filters(). */
  constructor(on) {
    this.#on = on;
  }

  /** Fetches a failure and shows it; what is there stays until then. */
  async open(id) {
    this.#loading.abort();
    const loading = (this.#loading = new AbortController());
    this.id = id;
    main.setAttribute('aria-busy', 'true');
    try {
      const explanation = await api.diagnosis(id, loading.signal);
      this.fingerprint = explanation.fingerprint ?? null;
      this.#show(failure(explanation, this.#on.filters(), this.#on));
      document.title = `${explanation.title} – coswhy`;
      this.#on.opened(this.fingerprint);
    } catch (problem) {
      if (problem.name === 'AbortError') return;
      this.fingerprint = null;
      this.#show([problem.status === 404 ? gone() : failed(problem)]);
    }
  }

  /** Shows an explanation that is at hand. */
  showExplanation(explanation) {
    this.leave();
    this.#show(failure(explanation, {}, this.#on));
  }

  /** Shows something else in a failure's place, by a name: the same is not drawn again. */
  showInstead(name, make) {
    if (this.#instead === name) return;
    this.leave();
    document.title = t('page');
    this.#show([make()]);
    this.#instead = name;
  }

  leave() {
    this.#loading.abort();
    this.id = null;
    this.fingerprint = null;
  }

  #show(elements) {
    this.#newer = null;
    this.#instead = null;
    main.replaceChildren(h('article', { 'aria-labelledby': 'failure-title' }, elements));
    main.removeAttribute('aria-busy');
    main.scrollTop = 0;
  }

  /** Offers the newest of the failure that is shown: nobody is torn away from what they read. */
  offer(id) {
    if (this.#newer === null) {
      const button = h('button', { type: 'button', class: 'quiet' }, t('showNewest'));
      this.#newer = { bar: h('p', { class: 'newer' }, t('newer'), ' ', button), id };
      button.addEventListener('click', () => this.#on.open(this.#newer.id));
      // At the lower edge, where it moves nothing of what is read.
      main.append(this.#newer.bar);
    }
    this.#newer.id = id;
  }

  get element() {
    return main;
  }
}
