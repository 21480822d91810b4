import { bodyOf, type SendFile } from '../protocol/send-file.js';

/** By XMLHttpRequest, because `fetch` does not tell how much of a body has been sent. */
export const sendByXhr: SendFile = (target, file, { signal, onProgress }) =>
  new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const request = new XMLHttpRequest();
    const abort = (): void => request.abort();
    signal.addEventListener('abort', abort);
    request.upload.addEventListener('progress', ({ loaded, total }) => onProgress(total > 0 ? loaded / total : 0));
    request.addEventListener('abort', () => reject(signal.reason as Error));
    request.addEventListener('loadend', () => {
      signal.removeEventListener('abort', abort);
      resolve({ status: request.status, body: parse(request.responseText) });
    });
    request.open(target.method, target.url);
    for (const [name, value] of Object.entries(target.headers)) request.setRequestHeader(name, value);
    request.send(bodyOf(target, file));
  });

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
