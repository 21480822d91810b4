#!/usr/bin/env node
// `npm run test:chaos:long`: outages as long as the documented limits, and 200 turns under random faults.
process.env.CHAOS = 'long';
process.env.TEST_TIMEOUT_MINUTES ??= '60';
process.argv.splice(2, 0, 'test/chaos');
await import('./test.mjs');
