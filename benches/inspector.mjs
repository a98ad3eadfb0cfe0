#!/usr/bin/env node
// How smoothly the inspector runs in Chromium while failures come: frames a second with 10,000 failures kept and 100
// new ones a second, at rest and while its list is scrolled. What it prints is the table in docs/performance.md.
//
//   tests/run setup && cargo build --release && benches/inspector.mjs [--seconds N] [--rate N] [--kept N]
//
// COSWHY_BIN is the program to be measured (default: target/release/coswhy).

import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const FOLDER = new URL('../tests/browser/', import.meta.url);
process.env.COSWHY_BIN ??= fileURLToPath(new URL('../target/release/coswhy', import.meta.url));
const { close, launch } = await import(new URL('browser.js', FOLDER));
const { serve, signed, stranger } = await import(new URL('coswhy.js', FOLDER));

const { values } = parseArgs({ options: {
  seconds: { type: 'string', default: '10' }, rate: { type: 'string', default: '100' }, kept: { type: 'string', default: '10000' },
} });
const [SECONDS, RATE, KEPT] = [values.seconds, values.rate, values.kept].map(Number);
/** A frame that came later than this was missed, at 60 a second. */
const MISSED = 25;

const coswhy = await serve({ COSWHY_ADMIN__RING: String(KEPT) });
const refuse = (number) => {
  const path = `/photos/${number}.jpg`;
  return coswhy.ask(path, { Authorization: signed(stranger(number % 9000), path) });
};

async function fill() {
  for (let from = 0; from < KEPT; from += 500) {
    await Promise.all(Array.from({ length: Math.min(500, KEPT - from) }, (_, at) => refuse(from + at)));
  }
}

/** Refuses `RATE` requests a second until it is told to end; how many that were. Some come again and again, some rarely. */
function rain() {
  let sent = 0;
  const began = performance.now();
  const timer = setInterval(() => {
    for (const due = (performance.now() - began) / 1000 * RATE; sent < due; sent += 1) {
      refuse(sent % 2 ? sent % 40 : Math.floor(Math.random() * 9000)).catch(() => {});
    }
  }, 10);
  return () => { clearInterval(timer); return sent; };
}

/** As fast as somebody who is looking for something turns the wheel, in pixels a second. */
const SCROLLED = 3000;

/** The times between frames of the page during `SECONDS`, while its list is scrolled if it is told to. */
function frames(page, scrolls) {
  return page.evaluate(([seconds, speed]) => new Promise((resolve) => {
    const list = document.getElementById('scroller');
    const gaps = [];
    let last = null;
    let began = null;
    function frame(now) {
      began ??= now;
      if (last !== null) gaps.push(now - last);
      last = now;
      if (speed) list.scrollTop = speed * (now - began) / 1000;
      if (now - began < seconds * 1000) requestAnimationFrame(frame);
      else resolve(gaps);
    }
    requestAnimationFrame(frame);
  }), [SECONDS, scrolls ? SCROLLED : 0]);
}

/** Seconds that the page's main thread has worked, by the processor's clock: a busy machine does not add to them. */
async function worked(session) {
  const { metrics } = await session.send('Performance.getMetrics');
  return metrics.find(({ name }) => name === 'TaskDuration').value;
}

async function measured(page, name, scrolls, end) {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const before = await worked(session);
  const gaps = await frames(page, scrolls);
  const work = await worked(session) - before;
  row(name, gaps, work, end());
}

function row(name, gaps, work, sent) {
  const total = gaps.reduce((sum, gap) => sum + gap, 0);
  const sorted = [...gaps].sort((a, b) => a - b);
  const cells = [name, (sent / SECONDS).toFixed(0), (gaps.length / total * 1000).toFixed(1),
    `${(gaps.filter((gap) => gap > MISSED).length / gaps.length * 100).toFixed(2)} %`,
    `${sorted[Math.floor(sorted.length * 0.99)].toFixed(1)} ms`, `${sorted.at(-1).toFixed(1)} ms`, `${(work / SECONDS * 100).toFixed(0)} %`];
  console.log(`| ${cells.join(' | ')} |`);
}

try {
  await fill();
  const page = await (await launch()).newPage({ viewport: { width: 1440, height: 900 } });
  await page.goto(`${coswhy.url}/?lang=en`);
  await page.locator('#failures li').nth(5).waitFor();
  console.log('| the page | failures a second | frames a second | frames missed | 99th percentile | longest | main thread |');
  console.log('| --- | ---: | ---: | ---: | ---: | ---: | ---: |');
  await measured(page, 'nothing comes', false, () => 0);
  await measured(page, 'at rest', false, rain());
  await measured(page, `its list scrolled by ${SCROLLED} px a second`, true, rain());
  console.log(`\n${await page.locator('#failures li').count()} rows in the document, of ${await page.locator('#total').textContent()}`);
} finally {
  await close();
  await coswhy.stop();
}
