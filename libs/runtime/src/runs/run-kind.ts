import type { Trigger } from './run.js';

/** What a run is, as metrics name it: an answer in a thread, a click on a widget, or a call of the gateway. */
export type RunKind = 'turn' | 'action' | 'completion';

export function runKind(trigger: Trigger): RunKind {
  if (trigger === 'gateway.chat') return 'completion';
  return trigger === 'threads.custom_action' ? 'action' : 'turn';
}
