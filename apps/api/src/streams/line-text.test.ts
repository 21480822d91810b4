import { expect, it } from 'vitest';
import { lineTexts } from './line-text.js';

it.each([
  ['de-AT,de;q=0.9,en;q=0.8', 'Sie sind an Stelle 3 der Warteschlange.'],
  ['nl, fr-CH;q=0.5, es;q=0.4', 'Vous êtes en position 3 dans la file d’attente.'],
  ['en;q=0.2,ja', '順番待ちの 3 番目です。'],
  ['es-MX', 'Está en la posición 3 de la cola.'],
  ['ar', 'أنت في المرتبة 3 في الانتظار.'],
  ['de;q=0, *', 'You are number 3 in line.'],
  ['constructor, ;;q=x', 'You are number 3 in line.'],
  [undefined, 'You are number 3 in line.'],
])('tells the place in line in the language of %s', (languages, text) => {
  expect(lineTexts(languages).place(3)).toBe(text);
});

it('tells people in six languages that nobody answers, and the operator how to start a worker', () => {
  const all = ['en', 'de', 'fr', 'es', 'ja', 'ar'].map((language) => lineTexts(language));
  expect(new Set(all.map(({ nobody }) => nobody)).size).toBe(6);
  expect(new Set(all.map(({ noWorker }) => noWorker)).size).toBe(6);
  for (const { nobody, noWorker } of all) {
    expect(noWorker).toContain('npm run start:worker');
    expect(nobody).not.toContain('worker');
  }
});
