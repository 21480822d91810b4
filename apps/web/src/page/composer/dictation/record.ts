import { MicrophoneError, type MicrophoneProblem, type Record } from '../../../chat/dictation.js';
import { levelOf, type Meter } from './level-of.js';

/** In the order of preference [RQ-25]. */
const TYPES = ['audio/webm;codecs=opus', 'audio/mp4', 'audio/ogg;codecs=opus'];
/** Enough for speech. */
const BITS_PER_SECOND = 32_000;
const SLICE_MS = 250;
/** What may still come after the last slice that was looked at. */
const ROOM_BYTES = 8_000;

export const canRecord = (): boolean => typeof MediaRecorder !== 'undefined';

export const record: Record = async ({ maxBytes, onFull }) => {
  const stream = await microphone();
  const { recorder, meter } = begin(stream);
  const parts: Blob[] = [];
  let bytes = 0;
  recorder.addEventListener('dataavailable', ({ data }) => {
    parts.push(data);
    bytes += data.size;
    if (bytes + ROOM_BYTES > maxBytes) onFull();
  });

  const end = async (): Promise<void> => {
    const ended = new Promise((resolve) => recorder.addEventListener('stop', resolve));
    // It has stopped by itself when the microphone was unplugged.
    if (recorder.state !== 'inactive') {
      recorder.stop();
      await ended;
    }
    release(stream, meter);
  };
  return {
    level: meter.level,
    async stop() {
      await end();
      return new Blob(parts, { type: recorder.mimeType });
    },
    cancel: () => void end(),
  };
};

/** Whatever of it fails, the microphone does not stay on. */
function begin(stream: MediaStream): { readonly recorder: MediaRecorder; readonly meter: Meter } {
  let meter: Meter | undefined;
  try {
    meter = levelOf(stream);
    const mimeType = TYPES.find((type) => MediaRecorder.isTypeSupported(type)) ?? '';
    const recorder = new MediaRecorder(stream, { mimeType, audioBitsPerSecond: BITS_PER_SECOND });
    recorder.start(SLICE_MS);
    return { recorder, meter };
  } catch {
    release(stream, meter);
    throw new MicrophoneError('broken');
  }
}

function release(stream: MediaStream, meter: Meter | undefined): void {
  for (const track of stream.getTracks()) track.stop();
  meter?.close();
}

async function microphone(): Promise<MediaStream> {
  // Absent on pages without HTTPS, whatever the typings say.
  const devices = navigator.mediaDevices as MediaDevices | undefined;
  if (!devices) throw new MicrophoneError('insecure');
  try {
    return await devices.getUserMedia({ audio: true });
  } catch (error) {
    throw new MicrophoneError(problemOf(error));
  }
}

const PROBLEMS: Readonly<{ [name: string]: MicrophoneProblem }> = {
  NotAllowedError: 'refused',
  SecurityError: 'refused',
  NotFoundError: 'missing',
  OverconstrainedError: 'missing',
};

const problemOf = (error: unknown): MicrophoneProblem =>
  (error instanceof DOMException && PROBLEMS[error.name]) || 'broken';
