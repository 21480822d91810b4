// What https://huggingface.github.io/text-generation-inference demands of a request.
import { type Body, demand, isObject } from '../bad-request.js';

export function checkGeneration({ inputs, parameters }: Body): void {
  const { top_p: topP, temperature, max_new_tokens: limit } = isObject(parameters) ? parameters : {};
  refuseUnless(typeof inputs === 'string', 'Failed to deserialize the JSON body: missing field `inputs`');
  refuseUnless(inputs, 'Input validation error: `inputs` cannot be empty');
  refuseUnless(isAbsent(topP) || (Number(topP) > 0 && Number(topP) < 1), '`top_p` must be > 0.0 and < 1.0');
  refuseUnless(isAbsent(temperature) || Number(temperature) > 0, '`temperature` must be strictly positive');
  refuseUnless(isAbsent(limit) || Number(limit) > 0, '`max_new_tokens` must be strictly positive');
}

const isAbsent = (value: unknown) => value === undefined || value === null;

const refuseUnless = (condition: unknown, message: string): void => demand(condition, message, { status: 422 });
