import { newId } from './ids.mjs';

export function sendJson(res, status, value, headers = {}) {
  res.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'x-request-id': newId('req_'),
    ...headers,
  });
  res.end(JSON.stringify(value));
}
