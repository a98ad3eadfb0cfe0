// Reads JSON orders from standard input, one a line, and answers each in turn with a line `answer JSON`.
'use strict';

const readline = require('readline');
const { refused } = require('./vendor_calls');

// `carryOut` resolves with a result, or throws what the SDK did.
async function serve(carryOut) {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const answer = await carryOut(JSON.parse(line)).then(
      (result) => ({ result: result === undefined ? null : result }),
      refused,
    );
    say(answer);
  }
}

function say(answer) {
  console.log(`\nanswer ${JSON.stringify(answer)}`);
}

module.exports = { serve, say };
