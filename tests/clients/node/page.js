// The page's part: bytes in a page, and one call of the SDK.
'use strict';

const platform = {
  toBody: (base64) => new Blob([bytes(base64)]),
  fromBody(body) {
    let text = '';
    for (const byte of new Uint8Array(body)) text += String.fromCharCode(byte);
    return btoa(text);
  },
  upload: (cos, target, base64) => cos.sliceUploadFile({ ...target, Body: new File([bytes(base64)], 'object') }),
  options: { DataType: 'arraybuffer' },
};

function bytes(base64) {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

window.carryOut = (order) => window.vendorCalls.call(new COS(order.options), order, platform).then(
  (result) => ({ result }),
  window.vendorCalls.refused,
);
