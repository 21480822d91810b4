// Load mode: tokens that carry the time at which they were sent; see "Load" in ../fake-provider.mjs.

const DEFAULTS = { tokens: 200, delay: 10, first: 0, size: 4 };
/** Tokens that one stream may send at once when it is behind its schedule. */
const BURST = 256;

const micros = () => Math.round((performance.timeOrigin + performance.now()) * 1000);

/** @returns the parameters in a model name such as `fake;tokens=200;delay=10`, or undefined when it is not one */
export const loadOf = (model) => (model.startsWith('fake;') ? parse(model, DEFAULTS) : undefined);

/** The parameters for any model name, without pauses. */
export const firehoseOf = (model) => parse(model, { ...DEFAULTS, delay: 0 });

const parse = (model, defaults) => ({
  ...defaults,
  ...Object.fromEntries(
    model
      .split(';')
      .slice(1)
      .map((parameter) => parameter.split('='))
      .map(([key, value]) => [key, Number(value)]),
  ),
});

// One timer for all paced streams, one write per stream and tick: a timer per token would be the bottleneck.
const paced = new Set();
let pacer;

/** @param step called every millisecond until it returns true */
function pace(step) {
  paced.add(step);
  pacer ??= setInterval(() => {
    const now = performance.now();
    for (const one of paced) if (one(now)) paced.delete(one);
    if (paced.size > 0) return;
    clearInterval(pacer);
    pacer = undefined;
  }, 1);
}

/** Streams the tokens; resolves when all are sent or the client has gone. */
export function load({ tokens, delay, first, size }, { wire, flush, res, signal }) {
  const filler = size > 0 ? ' '.padStart(size, 'x') : '';
  let sent = 0;
  let text = '';
  let due = performance.now() + first;
  const sendDue = (now) => {
    for (let burst = 0; burst < BURST && sent < tokens && due <= now; burst += 1, sent += 1, due += delay) {
      const token = micros() + filler;
      text += token;
      wire.text(token);
    }
    flush();
  };
  wire.begin();
  wire.textStart();
  flush();
  return new Promise((resolve) => {
    pace((now) => {
      if (!signal.aborted && !res.socket?.writableNeedDrain) sendDue(now);
      if (sent < tokens && !signal.aborted) return false;
      if (sent >= tokens) {
        wire.textEnd(text, []);
        wire.end();
        flush();
      }
      resolve();
      return true;
    });
  });
}
