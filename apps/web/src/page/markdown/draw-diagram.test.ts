import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { drawDiagram } from './draw-diagram.js';

type Post = (request: unknown, origin: string, ports: readonly MessagePort[]) => void;

/** What the next frame does with a request; undefined for one that has no window. */
let behaves: Post | undefined;
const frames: EventTarget[] = [];

class FakeFrame extends EventTarget {
  readonly contentWindow = behaves && { postMessage: behaves };

  remove() {
    frames.splice(frames.indexOf(this), 1);
  }
}

beforeEach(() => {
  vi.stubGlobal('location', { origin: 'https://relay.example' });
  vi.stubGlobal('document', {
    createElement: () => new FakeFrame(),
    body: {
      append(frame: FakeFrame) {
        frames.push(frame);
        queueMicrotask(() => frame.dispatchEvent(new Event('load')));
      },
    },
  });
});
afterEach(() => vi.useRealTimers());

it('a frame that cannot be used is removed, and the next diagram opens another', async () => {
  behaves = undefined;
  await expect(drawDiagram('flowchart LR', false)).rejects.toThrow('has no window');
  expect(frames).toHaveLength(0);
  behaves = () => {
    throw new Error('gone');
  };
  await expect(drawDiagram('flowchart LR', false)).rejects.toThrow('gone');
  expect(frames).toHaveLength(0);
});

it('so is one that does not answer in time', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  behaves = () => vi.runAllTimers();
  await expect(drawDiagram('flowchart LR', false)).rejects.toThrow('not drawn in time');
  expect(frames).toHaveLength(0);
});

it('one that answers is used again, also after a source that is no diagram', async () => {
  let answer: object = { svg: '<svg/>' };
  behaves = (_request, _origin, [port]) => port?.postMessage(answer);
  await expect(drawDiagram('flowchart LR', false)).resolves.toBe('<svg/>');
  answer = {};
  await expect(drawDiagram('nothing', false)).rejects.toThrow('no diagram');
  answer = { svg: '<svg>2</svg>' };
  await expect(drawDiagram('flowchart LR', false)).resolves.toBe('<svg>2</svg>');
  expect(frames).toHaveLength(1);
});
