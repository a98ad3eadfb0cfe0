// New diagnoses as they come: server-sent events, read by fetch because EventSource can send no token.

import { query, request } from './api.js';

const FIRST_PAUSE = 1000;
const LONGEST_PAUSE = 15_000;
/** The server sends a comment every 15 s; silence for longer than twice that is a lost connection. */
const SILENCE = 35_000;

/** Splits a stream's text into events, as the HTML standard has them. */
export class Parser {
  #rest = '';
  #event = { type: '', data: [], id: null };

  /** The events that this piece completes. */
  push(piece) {
    const events = [];
    const lines = (this.#rest + piece).split(/\r\n|\n|\r(?!$)/);
    this.#rest = lines.pop();
    for (const line of lines) {
      if (line === '') {
        const { type, data, id } = this.#event;
        if (data.length) events.push({ type: type || 'message', data: data.join('\n'), id });
        this.#event = { type: '', data: [], id };
        continue;
      }
      const [, name, text] = /^([^:]*):? ?(.*)$/s.exec(line);
      if (name === 'event') this.#event.type = text;
      else if (name === 'data') this.#event.data.push(text);
      else if (name === 'id') this.#event.id = text;
    }
    return events;
  }
}

/**
 * Follows the events of these filters until it is closed, over as many connections as that takes; each begins after the
 * last event of the one before. `on` has: diagnosis(item), lost(number, 0 where not known), open(again),
 * closed(milliseconds until the next try, the status of a refusal or 0).
 */
export class Events {
  #last = null;
  #on;
  #filters = {};
  #abort = new AbortController();
  #wake = () => {};

  constructor(on) {
    this.#on = on;
  }

  follow(filters) {
    this.close();
    this.#filters = filters;
    this.#abort = new AbortController();
    this.#run(this.#abort.signal);
  }

  close() {
    this.#abort.abort();
    this.#wake();
  }

  /** Tries again now. */
  retry() {
    this.#wake();
  }

  async #run(signal) {
    let pause = FIRST_PAUSE;
    let again = false;
    while (!signal.aborted) {
      let status = 0;
      try {
        await this.#connection(signal, again, () => { pause = FIRST_PAUSE; again = true; });
      } catch (error) {
        if (signal.aborted) return;
        status = error.status ?? 0;
      }
      if (signal.aborted) return;
      this.#on.closed(pause, status);
      await new Promise((resolve) => {
        this.#wake = resolve;
        setTimeout(resolve, pause);
      });
      pause = Math.min(pause * 2, LONGEST_PAUSE);
    }
  }

  async #connection(signal, again, opened) {
    const connection = new AbortController();
    const end = () => connection.abort();
    signal.addEventListener('abort', end);
    let silence = setTimeout(end, SILENCE);
    try {
      const { cause, bucket, key_id } = this.#filters;
      const headers = { Accept: 'text/event-stream', ...(this.#last ? { 'Last-Event-ID': this.#last } : {}) };
      const response = await request(query('/events', { cause, bucket, key_id }), { headers, signal: connection.signal });
      opened();
      this.#on.open(again);
      const parser = new Parser();
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      for (let part = await reader.read(); !part.done; part = await reader.read()) {
        clearTimeout(silence);
        silence = setTimeout(end, SILENCE);
        for (const event of parser.push(part.value)) this.#hear(event);
      }
    } finally {
      clearTimeout(silence);
      signal.removeEventListener('abort', end);
      connection.abort();
    }
  }

  #hear(event) {
    if (event.type === 'lost') this.#on.lost(Number(event.data) || 0);
    if (event.type !== 'diagnosis') return;
    if (event.id) this.#last = event.id;
    this.#on.diagnosis(JSON.parse(event.data));
  }
}
