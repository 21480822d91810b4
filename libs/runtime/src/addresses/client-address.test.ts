import { isIP } from 'node:net';
import { describe, expect, it } from 'vitest';
import { clientAddresses } from './client-address.js';

const PROXIES = ['10.0.0.0/8', '2001:db8:1::1'];

describe('the address of a client', () => {
  it.each([
    ['203.0.113.7', undefined, '203.0.113.7'],
    ['203.0.113.7', '198.51.100.1', '203.0.113.7'],
    ['127.0.0.1', '198.51.100.1', '127.0.0.1'],
    ['10.1.2.3', '198.51.100.1', '198.51.100.1'],
    ['::ffff:10.1.2.3', '::FFFF:198.51.100.1', '198.51.100.1'],
    ['10.1.2.3', '1.1.1.1, 198.51.100.1', '198.51.100.1'],
    ['10.1.2.3', '1.1.1.1, 198.51.100.1, 10.9.9.9', '198.51.100.1'],
    ['10.1.2.3', ['1.1.1.1', '198.51.100.1'], '198.51.100.1'],
    ['10.1.2.3', '198.51.100.1, unknown', '10.1.2.3'],
    ['10.1.2.3', '198.51.100.1:4711', '10.1.2.3'],
    ['10.1.2.3', '', '10.1.2.3'],
    ['2001:db8:1::1', '2001:DB8:2:3:4:5:6:7', '2001:db8:2:3::/64'],
    ['2001:db8:2:3::9', undefined, '2001:db8:2:3::/64'],
    ['fe80::1%eth0', undefined, 'fe80:0:0:0::/64'],
    ['', '198.51.100.1', ''],
  ])('of peer %j with X-Forwarded-For %j is %j', (peer, forwarded, address) => {
    expect(clientAddresses(PROXIES)(peer, forwarded)).toBe(address);
  });

  it('is never what a stranger writes, whatever it is', () => {
    const parts = [
      '1.1.1.1',
      '10.0.0.1',
      ',',
      ' ',
      'for=',
      '"',
      '\u0000',
      '::1',
      '[::1]',
      ':80',
      'ü',
      '٣.٣.٣.٣',
      '0x7f.1',
      '%',
    ];
    let seed = 7;
    const next = (below: number): number => (seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648) % below;
    const any = (): string => Array.from({ length: next(12) }, () => parts[next(parts.length)]).join('');
    for (let n = 0; n < 2_000; n++) {
      const forged = any();
      expect(clientAddresses(PROXIES)('203.0.113.7', forged)).toBe('203.0.113.7');
      // Through a proxy, which adds the address that it sees.
      expect(clientAddresses(PROXIES)('10.0.0.9', `${forged}, 198.51.100.1`)).toBe('198.51.100.1');
      const believed = clientAddresses(PROXIES)('10.0.0.9', forged).replace(/\/64$/, '');
      expect(isIP(believed)).not.toBe(0);
    }
  });
});
