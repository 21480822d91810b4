import { describe, expect, it } from 'vitest';
import { parseFrames } from './parse-frames.js';

const event = '{"type":"progress_update","text":"Looking"}';

describe('parseFrames', () => {
  it('reads the data lines in their order', () => {
    const frames = `data: ${event}\n\ndata: {"type":"thread.item.removed","item_id":"a"}\n\n`;
    expect(parseFrames(frames).map(({ type }) => type)).toEqual(['progress_update', 'thread.item.removed']);
  });

  it.each([
    ['comments', ': ping\n\n'],
    ['ids', 'id: 2-17\n'],
    ['a line cut short', 'data: {"type":"progr\n\n'],
    ['what is no event', 'data: null\n\ndata: "x"\n\ndata: {"kind":1}\n\ndata:\n\n'],
  ])('skips %s', (_, noise) => {
    expect(parseFrames(`${noise}data: ${event}\n\n${noise}`)).toEqual([JSON.parse(event)]);
  });

  it('takes a data line without the space, and with a carriage return', () => {
    expect(parseFrames(`data:${event}\r\n\r\n`)).toEqual([JSON.parse(event)]);
  });

  it('reads nothing out of nothing', () => {
    expect(parseFrames('')).toEqual([]);
  });
});
