// Reads JSON orders from standard input, one a line, and answers each in turn with a line `answer JSON`.
'use strict';

const readline = require('readline');

// What a user's code learns from an error of the vendor's JavaScript SDKs, which are all alike in this.
function refused(error) {
  if (!error || !error.statusCode) return { broken: String((error && error.stack) || JSON.stringify(error)) };
  const body = error.error && typeof error.error === 'object' ? error.error : {};
  return {
    refused: {
      status: error.statusCode,
      code: error.code || body.Code,
      message: error.message || body.Message,
      header: (error.headers || {})['x-cos-diagnosis'],
      element: body.Diagnosis,
    },
  };
}

async function serve(carryOut) {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const answer = await carryOut(JSON.parse(line)).then(
      (result) => ({ result: result === undefined ? null : result }),
      refused,
    );
    console.log(`\nanswer ${JSON.stringify(answer)}`);
  }
}

module.exports = { serve, refused };
