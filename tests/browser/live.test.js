// The page while failures come: none yet, the first, many, hostile ones; with a token; over a connection that breaks.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { accessible, close, loaded, open } from './browser.js';
import { OWNER, serve, signed, stranger } from './coswhy.js';
import { relay } from './relay.js';

const TOKEN = 'a-token-of-the-test-0123456789';

let coswhy;
before(async () => { coswhy = await serve({ COSWHY_ADMIN__RING: '5000' }); });
after(() => Promise.all([close(), coswhy.stop()]));

test('before anything failed it says how to point a client at it; the first failure opens by itself', async (t) => {
  const page = await open(t, `${coswhy.url}/?lang=en`);
  await page.getByRole('heading', { name: 'No failure yet' }).waitFor();
  const command = await page.locator('.empty pre').first().textContent();
  assert.ok(command.includes(`--connect-to ::${coswhy.proxy} `), command);
  await accessible(page);
  assert.equal(await coswhy.ask('/first.txt'), 403);
  await page.locator('#failure article .facts code', { hasText: 'anonymous-access-denied' }).waitFor();
  assert.equal(await page.locator('#failures .count').textContent(), '1');
  await coswhy.ask('/second.txt');
  await page.locator('#failures .count', { hasText: '2' }).waitFor();
  assert.match(await page.locator('#failures .last').innerText(), /last (just now|\d+ .*ago)\s+first (just now|\d+ .*ago)/);
  const { groups: [once] } = await (await fetch(`${coswhy.url}/groups`)).json();
  assert.equal(await page.locator('#failures .since').getAttribute('datetime'), once.first_seen);
  await page.getByRole('button', { name: 'Show the newest' }).click();
  await page.locator('#failure .where', { hasText: 'second.txt' }).waitFor();
  await page.waitForFunction(() => document.querySelector('#failures .bars').getAttribute('d')?.length > 0);
  await accessible(page);
});

test('a lost connection is shown, and what was missed is there afterwards', async (t) => {
  const admin = await relay(coswhy.url);
  t.after(() => admin.close());
  const page = await loaded(await open(t, `${admin.url}/?lang=en`, { expected: /ERR_|Failed to load/ }));
  await coswhy.ask('/third.txt', { Authorization: signed(stranger(1), '/third.txt') });
  await page.locator('#failures .title', { hasText: 'SecretId' }).first().waitFor();
  admin.breakOff();
  await page.locator('#connection[data-state=lost]', { hasText: 'Connection lost' }).waitFor();
  await accessible(page);
  await coswhy.ask('/fourth.txt', { Authorization: signed(stranger(2), '/fourth.txt') });
  const again = page.waitForRequest((request) => request.url().includes('/events') && request.headers()['last-event-id']);
  admin.resume();
  // Unless the page has come back by itself by now.
  await page.getByRole('button', { name: 'Try now' }).click({ timeout: 2000 }).catch(() => {});
  await again;
  await page.locator('#connection[data-state=live]').waitFor();
  await page.locator('#total', { hasText: '3 failures' }).waitFor();
});

test('what strangers wrote stays text', async (t) => {
  const keys = [
    '/<script>window.pwned=1</script><img src=x onerror=window.pwned=1>.txt',
    `/${'long-'.repeat(300)}.txt`,
    '/\u202etxt.exe\u2066',
    '/"><b>bold</b>&amp;',
  ];
  for (const key of keys) await coswhy.ask(encodeURI(key), { 'User-Agent': '<script>window.pwned=1</script>', Referer: 'https://x/<svg onload=window.pwned=1>' });
  const { diagnoses } = await (await fetch(`${coswhy.url}/diagnoses?limit=4`)).json();
  for (const { id, key } of diagnoses) {
    const page = await loaded(await open(t, `${coswhy.url}/?failure=${id}&lang=en`, { viewport: { width: 500, height: 800 } }));
    await page.locator('.occurrences li').nth(3).waitFor();
    assert.equal(await page.evaluate(() => window.pwned), undefined);
    assert.equal(await page.locator('#failure script, #failure img, #failure b').count(), 0);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${key} widens the page`);
    assert.doesNotMatch(await page.locator('#failure').textContent(), /[\u202a-\u202e\u2066-\u2069]/);
  }
  const text = await (await loaded(await open(t, `${coswhy.url}/?failure=${diagnoses[1].id}&lang=en`))).locator('#failure').textContent();
  assert.match(text, /\\u\{202e\}txt\.exe/);
});

test('of a long key the ends are shown, the rest when it is asked for; what is copied is whole', async (t) => {
  const key = `/${'k'.repeat(2000)}.txt`;
  await coswhy.ask(key, { Authorization: signed(OWNER, '/another') });
  const [{ id }] = (await (await fetch(`${coswhy.url}/diagnoses?limit=1`)).json()).diagnoses;
  const page = await loaded(await open(t, `${coswhy.url}/?failure=${id}&lang=en`, { permissions: ['clipboard-read', 'clipboard-write'] }));
  await page.locator('.occurrences li').first().waitFor();
  assert.equal((await page.locator('#failure').innerText()).match(/k{241}/), null);
  const todo = await page.getByRole('heading', { name: 'What to do' }).boundingBox();
  assert.ok(todo.y < 800, `What to do begins at ${todo.y}`);
  await accessible(page);
  const where = page.locator('#failure .where');
  await where.getByRole('button', { name: /… 1,\d+ more characters …/ }).click();
  assert.ok((await where.textContent()).endsWith(key));
  assert.equal(await page.evaluate(() => document.activeElement.closest('.where') !== null), true);
  await page.getByRole('button', { name: 'Copy the body' }).click();
  assert.match(await page.evaluate(() => navigator.clipboard.readText()), /k{2000}/);
});

test('of very many failures only those in view are in the document', async (t) => {
  const asked = Array.from({ length: 1500 }, (_, number) => number + 10);
  await Promise.all(asked.map((number) => coswhy.ask('/many.txt', { Authorization: signed(stranger(number), '/many.txt') })));
  const page = await loaded(await open(t, `${coswhy.url}/?lang=en`));
  const rows = page.locator('#failures li');
  await page.locator('#total', { hasText: 'and more' }).waitFor();
  assert.ok(await rows.count() < 40);
  for (let scrolled = 0; scrolled < 12; scrolled += 1) {
    await page.locator('#scroller').evaluate((scroller) => { scroller.scrollTop = scroller.scrollHeight; });
    await page.waitForTimeout(100);
  }
  await page.waitForFunction(() => Number(document.querySelector('#failures li').ariaSetSize) > 800);
  assert.ok(await rows.count() < 40);
  await accessible(page);
});

test('where a token is asked for, the page asks once and keeps it for the tab', async (t) => {
  const closed = await serve({ COSWHY_ADMIN__TOKEN: TOKEN });
  await closed.ask('/secret.txt');
  const page = await open(t, `${closed.url}/?lang=en`, { expected: /401/ });
  t.after(() => closed.stop());
  await page.getByRole('heading', { name: 'This listener asks for its token' }).waitFor();
  await accessible(page);
  await page.getByRole('textbox', { name: 'Token' }).fill('not this one');
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByText('That token is not the right one.').waitFor();
  await page.getByRole('textbox', { name: 'Token' }).fill(TOKEN);
  await page.getByRole('button', { name: 'Continue' }).click();
  await loaded(page);
  await page.locator('#connection[data-state=live]').waitFor();
  assert.ok(!page.url().includes(TOKEN));
  await page.reload();
  await loaded(page);
  assert.equal(await page.locator('dialog').count(), 0);
});
