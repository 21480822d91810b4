import { expect, it } from 'vitest';
import { commandCalls } from './command-stats.js';

it('reads the calls of each command, but not of our own', () => {
  const info = [
    '# Commandstats',
    'cmdstat_evalsha:calls=12,usec=340,usec_per_call=28.33,rejected_calls=0,failed_calls=0',
    'cmdstat_client|setname:calls=3,usec=4,usec_per_call=1.33,rejected_calls=0,failed_calls=0',
    'cmdstat_info:calls=7,usec=90,usec_per_call=12.86,rejected_calls=0,failed_calls=0',
    '',
  ].join('\r\n');
  expect(commandCalls(info)).toEqual({ evalsha: 12, 'client|setname': 3 });
});
