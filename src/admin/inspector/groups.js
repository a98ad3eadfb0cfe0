// The failures by fingerprint, as the server told them and as events have changed them since. No drawing here.

const BARS = 60;
const RATE_MINUTES = 5;
/** A page that is open for weeks forgets the oldest, as the server does. */
const MOST = 10_000;

/** What /groups would say of an event's failure, had it come alone. */
function fromEvent(item, titleOf) {
  const start = Math.floor(Date.parse(item.timestamp) / 60_000 - BARS + 1) * 60_000;
  return {
    ...item,
    title: titleOf(item),
    count: item.count,
    first_seen: item.timestamp,
    last_seen: item.timestamp,
    newest: item.id,
    timeline: { from: new Date(start).toISOString(), step_seconds: 60, counts: Array(BARS).fill(0) },
  };
}

/** Moves a timeline's window so that `time` (in milliseconds) is in it. */
export function advance(timeline, time) {
  const step = timeline.step_seconds * 1000;
  const from = Date.parse(timeline.from);
  const over = Math.floor((time - from) / step) - timeline.counts.length + 1;
  if (over <= 0) return;
  const kept = timeline.counts.slice(over);
  timeline.counts = [...kept, ...Array(timeline.counts.length - kept.length).fill(0)];
  timeline.from = new Date(from + over * step).toISOString();
}

function addTo(timeline, time) {
  advance(timeline, time);
  const at = Math.floor((time - Date.parse(timeline.from)) / (timeline.step_seconds * 1000));
  if (at >= 0 && at < timeline.counts.length) timeline.counts[at] += 1;
}

/** Over the last five minutes. */
function rate(timeline) {
  const bars = Math.round((RATE_MINUTES * 60) / timeline.step_seconds);
  return timeline.counts.slice(-bars).reduce((sum, count) => sum + count, 0) / RATE_MINUTES;
}

export class Groups {
  #byFingerprint = new Map();
  #titles = new Map();
  /** In the order that is shown. */
  order = [];
  /** The cursor of what is not loaded yet. */
  next = null;

  get size() {
    return this.#byFingerprint.size;
  }

  get(fingerprint) {
    return this.#byFingerprint.get(fingerprint);
  }

  clear() {
    this.#byFingerprint.clear();
    this.order = [];
    this.next = null;
  }

  /** Takes a page of /groups: what the server says replaces what events have guessed. */
  load(groups) {
    for (const group of groups) {
      this.#titles.set(group.cause, group.title);
      const known = this.#byFingerprint.get(group.fingerprint);
      // An event may have come after the server wrote this page.
      if (known && known.newest > group.newest) Object.assign(known, { title: group.title, first_seen: group.first_seen });
      else if (known) Object.assign(known, group);
      else this.#add(group);
    }
  }

  #add(group) {
    this.#byFingerprint.set(group.fingerprint, group);
    this.order.push(group);
  }

  /** Takes an event; whether its failure was not in the list before. An event that comes again changes nothing. */
  apply(item) {
    const group = this.#byFingerprint.get(item.fingerprint);
    if (group && group.newest >= item.id) return false;
    const isNew = !group;
    const changed = group ?? fromEvent(item, ({ cause }) => this.#titles.get(cause) ?? item.title ?? cause);
    const { title, first_seen, timeline } = changed;
    Object.assign(changed, item, { title, first_seen, timeline, newest: item.id, last_seen: item.timestamp });
    addTo(timeline, Date.parse(item.timestamp));
    changed.rate_per_minute = rate(timeline);
    if (isNew) {
      this.#byFingerprint.set(changed.fingerprint, changed);
      this.order.unshift(changed);
    }
    return isNew;
  }

  /** Lets time go by: rates fall and bars move where nothing happens. */
  tick(now) {
    for (const group of this.order) {
      advance(group.timeline, now);
      group.rate_per_minute = rate(group.timeline);
    }
  }

  /** The newest first; ULIDs sort by time. */
  sort() {
    this.order.sort((a, b) => (a.newest < b.newest ? 1 : a.newest > b.newest ? -1 : 0));
    for (const { fingerprint } of this.order.splice(MOST)) this.#byFingerprint.delete(fingerprint);
  }
}
