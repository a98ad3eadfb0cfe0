// AWS's SDK for JavaScript, version 3: each order is one call of it.
'use strict';

const http = require('http');
const net = require('net');
const { Readable } = require('stream');
const {
  S3Client, PutObjectCommand, GetObjectCommand, DeleteObjectCommand, ListObjectsV2Command,
} = require('@aws-sdk/client-s3');
const { Upload } = require('@aws-sdk/lib-storage');
const { getSignedUrl } = require('@aws-sdk/s3-request-presigner');
const { HttpProxyAgent } = require('http-proxy-agent');
const { HttpsProxyAgent } = require('https-proxy-agent');
const { serve } = require('./orders');

// Connections are kept, as in an application that has one client.
const agents = new Map();

function agentsFor({ proxy, elsewhere }) {
  const which = JSON.stringify([proxy, elsewhere]);
  if (!agents.has(which)) agents.set(which, newAgents(proxy, elsewhere));
  return agents.get(which);
}

function newAgents(proxy, elsewhere) {
  if (proxy) return { httpAgent: new HttpProxyAgent(proxy), httpsAgent: new HttpsProxyAgent(proxy) };
  if (!elsewhere) return {};
  const httpAgent = new http.Agent();
  httpAgent.createConnection = () => net.connect(elsewhere, '127.0.0.1');
  return { httpAgent };
}

serve(async (order) => {
  const s3 = new S3Client({
    endpoint: order.endpoint,
    forcePathStyle: order.pathStyle,
    region: order.region,
    credentials: order.credentials,
    maxAttempts: 1,
    requestHandler: agentsFor(order),
    // Where an upload of 2 MiB or more waits for `100 Continue`, HttpProxyAgent sends its head once more, as the body.
    ...(order.proxy && { expectContinueHeader: false }),
  });
  const target = { Bucket: order.bucket, Key: order.key };
  const data = Buffer.from(order.data || '', 'base64');
  try {
    return await call(s3, target, data, order);
  } catch (error) {
    if (!error.$metadata) throw error;
    throw {
      statusCode: error.$metadata.httpStatusCode,
      code: error.Code || error.name,
      message: error.message,
      headers: error.$response && error.$response.headers,
      error: { Diagnosis: error.Diagnosis },
    };
  }
});

async function call(s3, target, data, order) {
  switch (order.call) {
    case 'put':
      await s3.send(new PutObjectCommand({ ...target, Body: data }));
      return null;
    case 'put-stream':
      await s3.send(new PutObjectCommand({ ...target, Body: Readable.from([data]), ContentLength: data.length }));
      return null;
    case 'get': {
      const answer = await s3.send(new GetObjectCommand({ ...target, ...order.more }));
      return Buffer.from(await answer.Body.transformToByteArray()).toString('base64');
    }
    case 'delete':
      await s3.send(new DeleteObjectCommand(target));
      return null;
    case 'list': {
      const answer = await s3.send(new ListObjectsV2Command({ Bucket: order.bucket, Prefix: order.prefix }));
      return answer.Contents.map((row) => row.Key);
    }
    case 'presigned':
      return getSignedUrl(s3, new GetObjectCommand(target), { expiresIn: 300 });
    case 'multipart':
      await new Upload({ client: s3, params: { ...target, Body: data }, partSize: order.part }).done();
      return null;
    default:
      throw new Error(`no call named ${order.call}`);
  }
}
