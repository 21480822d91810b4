import { describe, expect, it } from 'vitest';
import { SurrogateJoiner } from './surrogate-joiner.js';

function join(...deltas: string[]) {
  const joiner = new SurrogateJoiner();
  return [...deltas.map((delta) => joiner.push(delta)), joiner.flush()];
}

describe('SurrogateJoiner', () => {
  it('leaves whole characters alone', () => {
    expect(join('Hi 😀', 'é')).toEqual(['Hi 😀', 'é', '']);
  });

  it('holds back the first half of a character until the second one comes [SER-6]', () => {
    expect(join('Hi \ud83d', '\ude00!')).toEqual(['Hi ', '😀!', '']);
  });

  it('holds on while nothing comes', () => {
    expect(join('\ud83d', '', '\ude00')).toEqual(['', '', '😀', '']);
  });

  it('loses nothing when the other half never comes', () => {
    expect(join('Hi \ud83d')).toEqual(['Hi ', '\ud83d']);
    expect(join('\ud83d', 'x')).toEqual(['', '\ud83dx', '']);
    expect(join('\ud83d', '\ud83d')).toEqual(['', '\ud83d', '\ud83d']);
  });

  it('gives up what it held only once', () => {
    const joiner = new SurrogateJoiner();
    joiner.push('\ud83d');
    expect([joiner.flush(), joiner.flush(), joiner.push('a')]).toEqual(['\ud83d', '', 'a']);
  });
});
