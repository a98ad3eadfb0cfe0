// A failure's last hour as a small drawing, a bar a minute.

import { setText, svg } from './dom.js';
import { count } from './words.js';

const WIDTH = 120;
const HEIGHT = 24;

/** An empty one; `draw` fills it. */
export function timeline() {
  const path = svg('path', { class: 'bars' });
  const title = svg('title');
  const drawing = svg('svg', { class: 'timeline', viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: 'img', preserveAspectRatio: 'none' },
    title, svg('path', { class: 'base', d: `M0 ${HEIGHT - 0.5}H${WIDTH}` }), path);
  return { drawing, path, title, shown: '' };
}

/** One path, whatever the number of bars, and none where nothing has changed. */
export function draw(line, { counts }) {
  const most = Math.max(1, ...counts);
  const width = WIDTH / counts.length;
  let d = '';
  counts.forEach((number, at) => {
    if (number === 0) return;
    // A single failure among thousands is seen too.
    const height = Math.max(2, (number / most) * (HEIGHT - 1));
    d += `M${(at * width).toFixed(1)} ${HEIGHT}v${-height.toFixed(1)}h${(width - 0.5).toFixed(2)}v${height.toFixed(1)}z`;
  });
  if (d === line.shown) return;
  line.shown = d;
  line.path.setAttribute('d', d);
  setText(line.title, count('inTheLastHour', counts.reduce((sum, number) => sum + number, 0)));
}
