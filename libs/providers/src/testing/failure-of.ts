import { ProviderError } from '../spec/provider-error.js';

/** The error that an answer ends in. @throws Error when it is none of ours, or when there is none */
export async function failureOf(answer: Promise<unknown>): Promise<ProviderError> {
  const error = await answer.then(
    () => new Error('it succeeded'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof ProviderError)) throw error;
  return error;
}
