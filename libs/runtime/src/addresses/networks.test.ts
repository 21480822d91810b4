import { expect, it } from 'vitest';
import { amongNetworks } from './networks.js';

const isListed = amongNetworks(['10.0.0.0/8', '192.0.2.7', 'fd00::/8', '::1']);

it.each(['10.1.2.3', '::ffff:10.1.2.3', '::FFFF:10.1.2.3', '192.0.2.7', 'fd12::5', '0:0:0::1'])(
  '%s is among them',
  (address) => expect(isListed(address)).toBe(true),
);

it.each(['11.0.0.1', '192.0.2.8', '::ffff:11.0.0.1', 'fe80::1', 'fe80::1%eth0', '', 'localhost', '10.0.0.0/8'])(
  '%j is not',
  (address) => expect(isListed(address)).toBe(false),
);

it('nothing is among none', () => expect(amongNetworks([])('127.0.0.1')).toBe(false));
