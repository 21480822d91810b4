import { describe, expect, it } from 'vitest';
import { allowedUrl, isOwnImage } from './allowed-url.js';

const ORIGIN = 'https://chat.example.com';

describe('addresses in an answer', () => {
  it.each(['javascript:alert(1)', 'JaVaScRiPt:alert(1)', 'vbscript:x', 'data:text/html,x', 'file:///etc/passwd'])(
    'do not lead to %s',
    (url) => {
      expect(allowedUrl(url, 'href')).toBe('');
    },
  );

  it('lead to the web, to mail, and within the site', () => {
    for (const url of ['https://example.com/a?b#c', 'mailto:a@example.com', '/path', '#note']) {
      expect(allowedUrl(url, 'href')).toBe(url);
    }
  });

  it('may contain an image, and nothing else, as data', () => {
    expect(allowedUrl('data:image/png;base64,AAAA', 'src')).toBe('data:image/png;base64,AAAA');
    expect(allowedUrl('data:image/png;base64,AAAA', 'href')).toBe('');
    expect(allowedUrl('data:text/html,x', 'src')).toBe('');
  });

  it('show images of our own origin only', () => {
    expect(isOwnImage('/files/a.png', ORIGIN)).toBe(true);
    expect(isOwnImage('data:image/gif;base64,AAAA', ORIGIN)).toBe(true);
    expect(isOwnImage('https://tracker.example.org/a.png', ORIGIN)).toBe(false);
    expect(isOwnImage('//tracker.example.org/a.png', ORIGIN)).toBe(false);
    expect(isOwnImage('http://', ORIGIN)).toBe(false);
  });
});
