// The parts of the page that draw nothing, without a browser.

import assert from 'node:assert/strict';
import { test } from 'node:test';

const { split } = await import('../../src/admin/inspector/difference.js');
const { visible } = await import('../../src/admin/inspector/dom.js');
const { Parser } = await import('../../src/admin/inspector/events.js');
const { laidOut } = await import('../../src/admin/inspector/exchange.js');
const { advance, Groups } = await import('../../src/admin/inspector/groups.js');
const { pieces } = await import('../../src/admin/inspector/text.js');
const { default: en } = await import('../../src/admin/inspector/words.en.js');
const { default: zh } = await import('../../src/admin/inspector/words.zh.js');

test('a stream’s events are the same however it is cut', () => {
  const stream = ': hello\n\nid: 1\nevent: diagnosis\ndata: {"a":1}\n\nid:2\r\nevent:lost\r\ndata:a\r\ndata: b\r\n\r\nevent: none\n\n';
  const expected = [{ type: 'diagnosis', data: '{"a":1}', id: '1' }, { type: 'lost', data: 'a\nb', id: '2' }];
  for (let size = 1; size <= stream.length; size += 1) {
    const parser = new Parser();
    const events = [];
    for (let at = 0; at < stream.length; at += size) events.push(...parser.push(stream.slice(at, at + size)));
    assert.deepEqual(events, expected, `in pieces of ${size}`);
  }
});

function group(newest, counts = Array(60).fill(0)) {
  return { fingerprint: 'f', cause: 'c', title: 'T', count: 5, newest, first_seen: '2026-11-28T10:00:00Z', last_seen: '2026-11-28T10:59:00Z',
    timeline: { from: '2026-11-28T10:00:00.000Z', step_seconds: 60, counts } };
}

function event(id, timestamp, count) {
  return { id, timestamp, count, fingerprint: 'f', cause: 'c', summary: 's', method: 'GET', bucket: 'b', status: 403 };
}

test('an event moves its failure on, and coming again changes nothing', () => {
  const groups = new Groups();
  groups.load([group('01A')]);
  assert.equal(groups.apply(event('01B', '2026-11-28T10:59:30Z', 6)), false);
  groups.apply(event('01B', '2026-11-28T10:59:30Z', 6));
  const [one] = groups.order;
  assert.deepEqual([one.count, one.newest, one.timeline.counts.at(-1), one.title, one.rate_per_minute], [6, '01B', 1, 'T', 0.2]);
  // A page that the server wrote before that event does not take it back.
  groups.load([group('01A')]);
  assert.equal(groups.order[0].count, 6);
  groups.apply(event('01C', '2026-11-28T11:01:10Z', 7));
  assert.deepEqual(one.timeline.counts.slice(-3), [1, 0, 1]);
  assert.equal(one.timeline.from, '2026-11-28T10:02:00.000Z');
});

test('an unknown failure is a group by its first event', () => {
  const groups = new Groups();
  assert.equal(groups.apply(event('01B', '2026-11-28T10:59:30Z', 1)), true);
  assert.equal(groups.size, 1);
  assert.equal(groups.get('f').timeline.counts.at(-1), 1);
});

test('a timeline that has stood for long begins anew', () => {
  const { timeline } = group('01A', Array(60).fill(7));
  advance(timeline, Date.parse('2026-11-30T10:00:00Z'));
  assert.deepEqual(timeline.counts, Array(60).fill(0));
});

test('the first difference is a whole character, whichever of its bytes differs', () => {
  assert.deepEqual(split('abc', 1), ['a', 'b', 'c']);
  assert.deepEqual(split('a中文', 2), ['a', '中', '文']);
  assert.deepEqual(split('😀x', 3), ['', '😀', 'x']);
  assert.deepEqual(split('ab', 2), ['ab', '', '']);
});

test('what cannot be seen, or turns the text, is shown by its number', () => {
  assert.equal(visible('a\u202eb\u0000\u200b\u2066'), 'a\\u{202e}b\\u{0000}\\u{200b}\\u{2066}');
  assert.equal(visible('中文 é\tx\ny\r\nz'), '中文 é\tx\ny\nz');
});

test('a long text is cut where it is long, and nothing of it is lost', () => {
  const whole = (text) => pieces(text).map((piece) => piece.hidden ?? piece).join('');
  const shown = (text) => pieces(text).filter((piece) => !piece.hidden).join('').length;
  const key = '对象😀'.repeat(700);
  for (const text of [key, `The key ${key} is not there,\nand ${key}/2 neither.`, 'many words '.repeat(300), `\n\n${key}\n`]) {
    assert.equal(whole(text), text);
    assert.ok(shown(text) < 700, text.slice(0, 30));
  }
  assert.deepEqual(pieces(`The key ${'k'.repeat(300)} is not there.`),
    ['The key ', 'k'.repeat(96), { hidden: 'k'.repeat(172), length: 172 }, 'k'.repeat(32), ' is not there.']);
  const chinese = '请求的签名与 COS 计算的不同，请核对密钥。'.repeat(20);
  assert.deepEqual(pieces(chinese), [chinese]);
});

test('XML in one line is laid out, anything else is left', () => {
  assert.equal(laidOut('<?xml version="1.0"?><Error><Code>A</Code><D/></Error>'),
    '<?xml version="1.0"?>\n<Error>\n  <Code>A</Code>\n  <D/>\n</Error>');
  for (const other of ['{"a":"><"}', '<Error>\n<Code>A</Code></Error>', '<html><b></b></html>']) assert.equal(laidOut(other), other);
});

test('both languages have the same words with the same places to fill', () => {
  const places = (words) => [...words.matchAll(/\{\w+\}/g)].map(String).sort();
  for (const [name, words] of Object.entries(en)) {
    if (name.endsWith('.one') && !(name in zh)) continue;
    assert.ok(zh[name], `${name} in Chinese`);
    assert.deepEqual(places(zh[name]), places(words), name);
  }
  assert.deepEqual(Object.keys(zh).filter((name) => !(name in en)), []);
});
