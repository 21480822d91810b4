import { type Body, demand } from '../bad-request.js';

/** Temperature from 0 to `hottest`, and numbers of tokens from 1. @throws BadRequest */
export function checkSampling(body: Body, hottest: number, limits: readonly string[]): void {
  const { temperature } = body;
  const inRange = typeof temperature === 'number' && temperature >= 0 && temperature <= hottest;
  demand(isAbsent(temperature) || inRange, `Invalid 'temperature': expected a value between 0 and ${hottest}.`);
  for (const name of limits) {
    const value = body[name];
    const counts = typeof value === 'number' && Number.isInteger(value) && value >= 1;
    demand(isAbsent(value) || counts, `Invalid '${name}': integer below minimum value.`, { param: name });
  }
}

const isAbsent = (value: unknown) => value === undefined || value === null;
