import { recordedSuite } from '../testing/recorded-suite.js';

recordedSuite({
  wire: 'ollama-chat',
  playerOf: (url, fixture) => ({ config: { kind: 'ollama', baseUrl: url }, model: fixture }),
  codeOf: () => 'model_unknown',
});
