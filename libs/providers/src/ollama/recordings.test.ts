import { recordedSuite } from '../../../../test/support/recorded-suite.js';

recordedSuite({
  wire: 'ollama-chat',
  playerOf: (url, fixture) => ({ config: { kind: 'ollama', baseUrl: url }, model: fixture }),
  codeOf: () => 'model_unknown',
});
