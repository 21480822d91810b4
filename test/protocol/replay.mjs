#!/usr/bin/env node
// Replays the protocol scenarios against a running ChatKit server that has the test profile; see README.md beside it.
//
//   node test/protocol/replay.mjs --base http://127.0.0.1:8000 --provider http://127.0.0.1:4020/__control
//        [--path /chatkit] [--scenarios test/protocol/scenarios] [--user-header x-test-user]
//        [--only S-001,S-060] [--skip-requires image,annotations] [--must-only]
//        [--lenient]     accept a stream that is broken off where an HTTP error is required
//        [--reference]   the server is the official SDK: lines marked "deviates" must fail, "may deviate" may fail
//        [--record out.jsonl]   every request with its answer, for test/conformance
//        [--verbose]     print each of them
// Exit code 1 when a scenario fails.
import { appendFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { loadScenarios, scenariosFolder } from './replay/load-scenarios.mjs';
import { Mismatch } from './replay/matching.mjs';
import { createPlayer } from './replay/scenario.mjs';

const { values: options } = parseArgs({
  options: {
    base: { type: 'string', default: 'http://127.0.0.1:8000' },
    path: { type: 'string', default: '/chatkit' },
    provider: { type: 'string', default: 'http://127.0.0.1:4020/__control' },
    scenarios: { type: 'string', default: scenariosFolder },
    'user-header': { type: 'string', default: 'x-test-user' },
    only: { type: 'string', default: '' },
    'skip-requires': { type: 'string', default: '' },
    'must-only': { type: 'boolean', default: false },
    lenient: { type: 'boolean', default: false },
    reference: { type: 'boolean', default: false },
    record: { type: 'string' },
    verbose: { type: 'boolean', default: false },
  },
});
const listed = (text) => new Set(text.split(',').filter(Boolean));
const only = listed(options.only);
const lacking = listed(options['skip-requires']);
const totals = { passed: 0, failed: 0, expected: 0, skipped: 0 };

function isSkipped({ requires, level }) {
  return requires.some((one) => lacking.has(one)) || (options['must-only'] && level !== 'MUST');
}

function onAnswer(record) {
  if (options.record) appendFileSync(options.record, `${JSON.stringify(record)}\n`);
  if (options.verbose) console.log(`    ${record.step}`, JSON.stringify(record.request), JSON.stringify(record.answer));
}

function verdictOf({ reference }, error) {
  if (options.reference && reference.startsWith('deviates')) return error ? 'expected' : 'failed';
  if (options.reference && reference.startsWith('may deviate') && error) return 'expected';
  return error ? 'failed' : 'passed';
}

if (options.record) writeFileSync(options.record, '');
const play = createPlayer({
  endpoint: options.base + options.path,
  provider: options.provider,
  userHeader: options['user-header'],
  lenient: options.lenient,
  onAnswer,
});
for (const scenario of loadScenarios(options.scenarios)) {
  if (only.size > 0 && !only.has(scenario.id)) continue;
  if (isSkipped(scenario)) {
    totals.skipped += 1;
    continue;
  }
  const error = await play(scenario).then(
    () => undefined,
    (reason) => reason,
  );
  const verdict = verdictOf(scenario, error);
  totals[verdict] += 1;
  const why = error ? `\n      ${error instanceof Mismatch ? error.message : error.stack}` : '';
  console.log(`${verdict.padEnd(8)} ${scenario.id} (${scenario.level}) ${scenario.title}${why}`);
}
const { passed, failed, expected, skipped } = totals;
console.log(`\n${passed} passed, ${failed} failed, ${expected} deviate as the reference does, ${skipped} skipped`);
process.exitCode = failed > 0 ? 1 : 0;
