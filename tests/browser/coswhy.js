// The real program with its simulator, and requests that COS refuses.

import { spawn } from 'node:child_process';
import { createHash, createHmac } from 'node:crypto';
import { once } from 'node:events';
import http from 'node:http';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const BINARY = process.env.COSWHY_BIN ?? fileURLToPath(new URL('../../target/debug/coswhy', import.meta.url));
const PATIENCE = 20_000;

export const HOST = 'examplebucket-1250000000.cos.ap-guangzhou.myqcloud.com';
export const OWNER = ['AKIDdemoOwner00000000000000000000001', 'demoOwnerSecretKey00000000000001'];

/** A program, and the first line of its output that `wanted` makes something of. */
async function start(args, wanted, environment = {}) {
  const child = spawn(BINARY, args, { env: { ...process.env, ...environment }, stdio: ['ignore', 'pipe', 'pipe'] });
  let errors = '';
  child.stderr.on('data', (data) => { errors += data; });
  const lines = createInterface(child.stdout);
  const found = await new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`coswhy ${args} said nothing in time\n${errors}`)), PATIENCE);
    lines.on('line', (line) => {
      const value = wanted(line);
      if (value === undefined) return;
      clearTimeout(timer);
      resolve(value);
    });
    child.on('exit', (code) => { clearTimeout(timer); reject(new Error(`coswhy ${args} ended with ${code}\n${errors}`)); });
  });
  return { found, stop: () => stop(child) };
}

async function stop(child) {
  if (child.exitCode !== null) return;
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 3000);
  await once(child, 'exit');
  clearTimeout(timer);
}

/** `coswhy demo`, after its requests: one failure of each cause. */
export async function demo() {
  const { found, stop } = await start(['demo'], (line) => /curl (http:\/\/[^/]+)\/diagnoses/.exec(line)?.[1]);
  return { url: found, stop };
}

/** `coswhy serve` before a simulator, with these variables besides. */
export async function serve(environment = {}) {
  const simulator = await start(['simulator', '--listen', '127.0.0.1:0'], (line) => /(http:\/\/127[^ ]+)$/.exec(line)?.[1]);
  const ready = (line) => {
    const { message, fields } = JSON.parse(line);
    return message === 'coswhy is ready' ? fields : undefined;
  };
  const args = ['serve', '--listen', '127.0.0.1:0', '--admin', '127.0.0.1:0', '--upstream', simulator.found];
  const proxy = await start(args, ready, environment);
  return {
    url: `http://${proxy.found.admin}`,
    proxy: proxy.found.listen,
    stop: () => Promise.all([proxy.stop(), simulator.stop()]),
    /** A request through the proxy; its status. */
    ask: (target, headers = {}, method = 'GET') => ask(proxy.found.listen, target, headers, method),
  };
}

const agent = new http.Agent({ keepAlive: true, maxSockets: 8 });

function ask(proxy, target, headers, method) {
  const [host, port] = proxy.split(':');
  return new Promise((resolve, reject) => {
    const request = http.request({ host, port, method, path: target, agent, headers: { Host: HOST, ...headers } }, (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode));
    });
    request.on('error', reject);
    request.end();
  });
}

/** An Authorization by this key for `path` as it was signed, which need not be as it is sent. */
export function signed([secretId, secretKey], path, method = 'get') {
  const now = Math.floor(Date.now() / 1000);
  const time = `${now - 60};${now + 600}`;
  const hmac = (key, text) => createHmac('sha1', key).update(text).digest('hex');
  const text = `${method}\n${path}\n\nhost=${HOST}\n`;
  const toSign = `sha1\n${time}\n${createHash('sha1').update(text).digest('hex')}\n`;
  const signature = hmac(hmac(secretKey, time), toSign);
  return `q-sign-algorithm=sha1&q-ak=${secretId}&q-sign-time=${time}&q-key-time=${time}`
    + `&q-header-list=host&q-url-param-list=&q-signature=${signature}`;
}

/** A key id that COS does not know, so that each is a failure of its own. */
export function stranger(number) {
  return [`AKID${String(number).padStart(4, '0')}aaaaaaaaaaaaaaaaaaaaaaaa${String(number).padStart(4, '0')}`, 'nobody'];
}
