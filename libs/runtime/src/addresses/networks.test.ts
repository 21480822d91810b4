import { expect, it } from 'vitest';
import { amongNetworks, isTooWide } from './networks.js';

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

it.each([
  '0.0.0.0/0',
  '0.0.0.0/1',
  '128.0.0.0/1',
  '10.0.0.0/7',
  '::/0',
  '8000::/1',
  '2000::/3',
  '2a00::/15',
  'fc00::/1',
])('%s is too wide for a list of proxies', (entry) => expect(isTooWide(entry)).toBe(true));

it.each(['::ffff:0:0/96', '::ffff:128.0.0.0/97', '::/32'])('so is %s, which holds addresses of IPv4', (entry) =>
  expect(isTooWide(entry)).toBe(true),
);

it.each([
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.0.2.7',
  '::1',
  'fd00::/8',
  'fc00::/7',
  'fe80::/10',
  '2001:db8::/32',
  '2a00::/16',
])('%s is not', (entry) => expect(isTooWide(entry)).toBe(false));
