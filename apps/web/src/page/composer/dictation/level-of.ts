/** Speech is quiet: this much of the full swing counts as loud. */
const LOUD = 0.25;

export interface Meter {
  /** How loud it is now, from 0 to 1. */
  readonly level: () => number;
  readonly close: () => void;
}

export function levelOf(stream: MediaStream): Meter {
  const context = new AudioContext();
  const close = (): void => void context.close();
  const analyser = context.createAnalyser();
  analyser.fftSize = 1024;
  try {
    context.createMediaStreamSource(stream).connect(analyser);
  } catch (error) {
    close();
    throw error;
  }
  const samples = new Float32Array(analyser.fftSize);
  return {
    level() {
      analyser.getFloatTimeDomainData(samples);
      const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
      return Math.min(1, Math.sqrt(power) / LOUD);
    },
    close,
  };
}
