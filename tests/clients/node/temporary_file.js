// A file of its own for what is uploaded from one.
'use strict';

const fs = require('fs');
const os = require('os');
const path = require('path');

async function inAFile(base64, use) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'coswhy-'));
  try {
    const file = path.join(folder, 'object');
    fs.writeFileSync(file, Buffer.from(base64, 'base64'));
    return await use(file);
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}

module.exports = { inAFile };
