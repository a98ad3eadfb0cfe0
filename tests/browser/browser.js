// Chromium, and pages that are watched: a complaint of the browser fails the test.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import { chromium } from 'playwright-core';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const FLAGS = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking'];
const TIMEOUT = 8000;

let browser = null;

export async function launch() {
  browser ??= await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: FLAGS });
  return browser;
}

export async function close() {
  await browser?.close();
  browser = null;
}

/** A page in a context of its own, closed when the test `t` ends; `expected` is a complaint that belongs to the test. */
export async function open(t, url, { expected = null, ...options } = {}) {
  const context = await (await launch()).newContext({ locale: 'en-GB', viewport: { width: 1280, height: 800 }, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(TIMEOUT);
  const complaints = [];
  const complain = (text) => { if (!expected?.test(text)) complaints.push(text); };
  page.on('console', (message) => { if (message.type() !== 'log') complain(`console: ${message.text()}`); });
  page.on('pageerror', (error) => complain(`error: ${error.message}`));
  page.on('dialog', (dialog) => { complain(`dialog: ${dialog.message()}`); dialog.dismiss(); });
  page.on('response', (response) => { if (response.status() >= 400) complain(`${response.status()} ${response.url()}`); });
  page.on('requestfailed', (request) => {
    // A page ends its own requests: the stream of events when it closes, a failure that is no longer wanted.
    if (request.failure().errorText !== 'net::ERR_ABORTED') complain(`failed: ${request.url()} ${request.failure().errorText}`);
  });
  t.after(async () => {
    await context.close();
    assert.deepEqual(complaints, [], 'the browser complained');
  });
  await page.goto(url);
  return page;
}

/** No rule of axe-core is broken by what is shown. */
export async function accessible(page) {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
  const told = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html, failureSummary }) => `${html}\n${failureSummary}`).join('\n')}`);
  assert.deepEqual(told, []);
}

/** The page with its failure there. */
export async function loaded(page) {
  await page.locator('#failure article h2').waitFor();
  return page;
}
