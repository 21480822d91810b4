import type { ProviderErrorCode } from '../spec/provider-error.js';
import { recordedSuite } from '../../../../test/support/recorded-suite.js';

const CODES: Readonly<Record<number, ProviderErrorCode>> = {
  422: 'context_too_long',
  429: 'overloaded',
  503: 'unavailable',
};
const codeOf = (_id: string, status: number) => CODES[status] ?? 'bad_request';

recordedSuite({
  wire: 'hf-tgi',
  // The server has one model, so that no request names it.
  playerOf: (url, fixture) => ({
    config: {
      kind: 'huggingface',
      api: 'text-generation-inference',
      baseUrl: url,
      headers: { 'x-fixture': fixture.replace('fixture:', '') },
    },
    model: 'default',
  }),
  codeOf,
});

recordedSuite({
  wire: 'hf-tgi',
  wholeOnly: true,
  playerOf: (url, fixture) => ({ config: { kind: 'huggingface', api: 'inference', baseUrl: url }, model: fixture }),
  codeOf,
});
