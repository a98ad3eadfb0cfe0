// A connection that can be broken: passes bytes on to another port until it is told not to.

import { once } from 'node:events';
import net from 'node:net';

export async function relay(url) {
  const { hostname, port } = new URL(url);
  const sockets = new Set();
  let broken = false;
  const server = net.createServer((client) => {
    if (broken) return client.destroy();
    const upstream = net.connect(port, hostname);
    for (const [one, other] of [[client, upstream], [upstream, client]]) {
      sockets.add(one);
      one.pipe(other);
      one.on('error', () => {});
      one.on('close', () => { sockets.delete(one); other.destroy(); });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const breakOff = () => {
    broken = true;
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    breakOff,
    resume: () => { broken = false; },
    close: () => { breakOff(); server.close(); },
  };
}
