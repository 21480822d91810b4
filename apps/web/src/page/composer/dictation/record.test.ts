import { beforeEach, expect, it, vi } from 'vitest';
import { MicrophoneError } from '../../../chat/dictation.js';
import { record } from './record.js';

const track = { isOn: false, stop: () => (track.isOn = false) };
const audio = { isOpen: false };
const broken = { context: false, source: false, recorder: false, start: false };

class FakeAudioContext {
  constructor() {
    if (broken.context) throw new Error('no output device');
    audio.isOpen = true;
  }

  createAnalyser = () => ({ fftSize: 0 });

  createMediaStreamSource() {
    if (broken.source) throw new Error('no track');
    return { connect: () => undefined };
  }

  async close() {
    audio.isOpen = false;
  }
}

class FakeRecorder extends EventTarget {
  static isTypeSupported = () => true;
  readonly mimeType = 'audio/webm';
  state = 'inactive';

  constructor() {
    super();
    if (broken.recorder) throw new Error('not supported');
  }

  start() {
    if (broken.start) throw new Error('not readable');
    this.state = 'recording';
  }

  stop() {
    this.dispatchEvent(new Event('stop'));
  }
}

beforeEach(() => {
  Object.assign(broken, { context: false, source: false, recorder: false, start: false });
  audio.isOpen = false;
  vi.stubGlobal('AudioContext', FakeAudioContext);
  vi.stubGlobal('MediaRecorder', FakeRecorder);
  vi.stubGlobal('navigator', {
    mediaDevices: {
      async getUserMedia() {
        track.isOn = true;
        return { getTracks: () => [track] };
      },
    },
  });
});

const LIMITS = { maxBytes: 100_000, onFull: () => undefined };

it('the microphone is on until the recording is stopped', async () => {
  const recording = await record(LIMITS);
  expect([track.isOn, audio.isOpen]).toEqual([true, true]);
  await recording.stop();
  expect([track.isOn, audio.isOpen]).toEqual([false, false]);
});

it.each(['context', 'source', 'recorder', 'start'] as const)(
  'the microphone does not stay on when this fails: %s',
  async (part) => {
    broken[part] = true;
    await expect(record(LIMITS)).rejects.toEqual(new MicrophoneError('broken'));
    expect([track.isOn, audio.isOpen]).toEqual([false, false]);
  },
);
