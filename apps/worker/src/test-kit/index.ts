/**
 * Runs an assistant in a test: `import { testAssistant } from 'chatkit-relay/assistants/testing'`. No database, no Redis and no
 * provider; the code between is the worker's own. The guide is docs/testing-assistants.md.
 */
export type { LogLine } from './memory-log.js';
export type { ModelScript, ModelStep, ScriptedToolCall, SeenModelCall } from './model-script.js';
export {
  type SendOptions,
  TestAssistant,
  testAssistant,
  type TestFailure,
  type TestOptions,
  type TestTurn,
} from './test-assistant.js';
