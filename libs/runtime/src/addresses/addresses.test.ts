import { describe, expect, it } from 'vitest';
import { isAllowedHost, parseAllowedHost } from './allowed-hosts.js';
import { formatHost, parseHost } from './host.js';
import { isAnyAddress, isLoopbackHost } from './loopback.js';
import { isOriginOfHost, parseOrigin } from './origin.js';
import { PUBLISHED, publishedAddress } from './published.js';

describe('an address to listen on', () => {
  it.each(['127.0.0.1', '127.8.8.8', '::1', '0:0:0:0:0:0:0:1', '::ffff:127.0.0.1', '::ffff:7f00:1', 'localhost'])(
    '%s is reached from its own machine only',
    (address) => expect(isLoopbackHost(address)).toBe(true),
  );

  it.each([
    '0.0.0.0',
    '::',
    '::ffff:0.0.0.0',
    '192.168.1.5',
    '::ffff:192.168.1.5',
    'fe80::1%eth0',
    '::127.0.0.1',
    'my-laptop',
    'localhost.example.com',
    '127.0.0.1.example.com',
    '127.1',
    '',
  ])('%s is not', (address) => expect(isLoopbackHost(address)).toBe(false));

  it('is every address of the machine if it says so, in either family', () => {
    for (const address of ['0.0.0.0', '::', '0:0:0:0:0:0:0:0', '::ffff:0.0.0.0']) {
      expect(isAnyAddress(address)).toBe(true);
    }
    for (const address of ['127.0.0.1', '::1', '10.0.0.1', 'any']) expect(isAnyAddress(address)).toBe(false);
  });
});

describe('a host', () => {
  it.each([
    ['Chat.Example.COM', 'chat.example.com'],
    ['chat.example.com.', 'chat.example.com'],
    ['chat.example.com.:8000', 'chat.example.com:8000'],
    ['[0:0:0::1]:8000', '[::1]:8000'],
    ['[::FFFF:127.0.0.1]', '[::ffff:7f00:1]'],
    ['127.1:080', '127.0.0.1:80'],
    ['api_1:8000', 'api_1:8000'],
  ])('%s is %s', (text, expected) => {
    const host = parseHost(text);
    expect(host && formatHost(host)).toBe(expected);
  });

  it.each([
    '',
    ' ',
    '.',
    '..',
    'a..b',
    '.example.com',
    '*',
    'a b',
    'a,b',
    'a@b',
    'a/b',
    'a#b',
    'a?b',
    'a\\b',
    'a:b',
    'a:99999',
    'a:',
    '::1',
    '[::1',
    '[::1]x',
    '[fe80::1%25eth0]',
    '1.2.3.4.5',
    '%6cocalhost',
    'https://a',
    'localhost:8000:8000',
  ])('"%s" is none', (text) => expect(parseHost(text)).toBeUndefined());
});

describe('the names that a server answers to', () => {
  const allowed = ['chat.example.com', '*.apps.example.com', 'lan.example:8443', '192.168.1.5', '[fd00::5]'].map(
    (entry) => parseAllowedHost(entry) ?? expect.unreachable(),
  );
  const isAllowed = (text: string): boolean => isAllowedHost(parseHost(text) ?? expect.unreachable(), allowed);

  it.each([
    'localhost',
    'LOCALHOST.:8000',
    '127.0.0.1:8000',
    '127.4.5.6',
    '[::1]:8000',
    '[::ffff:127.0.0.1]',
    'chat.example.com',
    'chat.example.com:1234',
    'CHAT.example.com.',
    'a.apps.example.com',
    'a.b.apps.example.com',
    'lan.example:8443',
    '192.168.1.5:8000',
    '[fd00:0::5]',
  ])('%s is one', (text) => expect(isAllowed(text)).toBe(true));

  it.each([
    'evil.example',
    'localhost.evil.example',
    'evil.localhost',
    'evil-localhost',
    '127.0.0.1.evil.example',
    'chat.example.com.evil.example',
    'xchat.example.com',
    'apps.example.com',
    'xapps.example.com',
    'lan.example',
    'lan.example:8000',
    '192.168.1.50',
    '0.0.0.0',
    '[::]',
    '[fd00::6]',
    '169.254.169.254',
  ])('%s is not', (text) => expect(isAllowed(text)).toBe(false));

  it.each(['*', '*.', '.example.com', 'https://a.example', 'a.example/x', '*.*.example', 'a b', '::1'])(
    'an entry cannot be "%s"',
    (entry) => expect(parseAllowedHost(entry)).toBeUndefined(),
  );
});

describe('an origin', () => {
  it.each([
    ['https://app.example.com', 'https://app.example.com'],
    ['HTTPS://App.Example.COM:443/', 'https://app.example.com'],
    ['http://app.example.com:80', 'http://app.example.com'],
    ['http://app.example.com:443', 'http://app.example.com:443'],
    ['http://[0:0::1]:5173', 'http://[::1]:5173'],
    ['Capacitor://localhost', 'capacitor://localhost'],
    ['chrome-extension://abcdef', 'chrome-extension://abcdef'],
  ])('%s is %s', (text, expected) => expect(parseOrigin(text)).toBe(expected));

  it.each([
    '',
    'null',
    '*',
    'app.example.com',
    'https://',
    'https:app.example.com',
    'https:///app.example.com',
    '//app.example.com',
    'https://*.example.com',
    'https://app.example.com/path',
    'https://app.example.com//',
    'https://app.example.com?x',
    'https://app.example.com#x',
    'https://user@app.example.com',
    'https://app.example.com, https://evil.example',
    'https://app.example.com https://evil.example',
    'https://app.example.com:port',
    'https://app.example.com:99999',
    'https:\\\\app.example.com',
    'file://',
    'file://host',
    'data://x',
  ])('"%s" is none that can be named', (text) => expect(parseOrigin(text)).toBeUndefined());

  it.each([
    ['http://chat.example.com', 'chat.example.com'],
    ['https://chat.example.com', 'chat.example.com:443'],
    ['http://chat.example.com', 'chat.example.com:80'],
    ['http://127.0.0.1:8000', '127.0.0.1:8000'],
    ['http://[::1]:8000', '[0:0::1]:8000'],
    ['https://chat.example.com', 'CHAT.EXAMPLE.COM'],
  ])('%s is the one of Host %s', (origin, host) => expect(isOriginOfHost(origin, host)).toBe(true));

  it.each([
    ['http://chat.example.com:8000', 'chat.example.com'],
    ['http://chat.example.com', 'chat.example.com:443'],
    ['http://evil.example', 'chat.example.com'],
    ['http://chat.example.com', 'chat.example.com@evil.example'],
    ['http://chat.example.com', 'chat.example.com/x'],
    ['http://chat.example.com', ''],
  ])('%s is not the one of Host "%s"', (origin, host) => expect(isOriginOfHost(origin, host)).toBe(false));
});

describe('a published port', () => {
  it.each([
    ['127.0.0.1:8000', '127.0.0.1'],
    ['[::1]:8000', '::1'],
    ['8000', '0.0.0.0'],
    ['8000-8010', '0.0.0.0'],
    ['0.0.0.0:80', '0.0.0.0'],
    ['192.168.1.5:8000', '192.168.1.5'],
    ['localhost:8000', 'localhost'],
  ])('%s is at %s', (text, address) => {
    expect(text).toMatch(PUBLISHED);
    expect(publishedAddress(text)).toBe(address);
  });

  it.each(['127.0.0.1', ':8000', '127.0.0.1:', '127.0.0.1:8000:8000', 'all', '::1:8000', '::1'])(
    'cannot be "%s"',
    (text) => expect(text).not.toMatch(PUBLISHED),
  );
});
