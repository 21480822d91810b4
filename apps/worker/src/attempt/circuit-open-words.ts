import { ProviderError, type ProviderErrorCode } from '#providers';

/** What a person may know of the last failure of a model that is not asked any more; by default that it does not answer. */
const HAPPENED: Partial<Record<ProviderErrorCode, string>> = {
  overloaded: 'The provider of this model is overloaded.',
  timeout: 'This model has repeatedly taken too long to answer.',
  stream_truncated: 'This model has repeatedly broken off its answers.',
};

/** Why a model is not asked, and when it will be, for the person who has asked it. */
export function circuitOpenWords({ cause, retryAfterMs }: Pick<ProviderError, 'cause' | 'retryAfterMs'>): string {
  if (retryAfterMs === undefined)
    return 'This model is switched off for now. Please choose another one, or try again later.';
  const seconds = Math.max(1, Math.ceil(retryAfterMs / 1_000));
  const last = cause instanceof ProviderError ? HAPPENED[cause.code] : undefined;
  const happened = last ?? 'This model does not answer at the moment.';
  return `${happened} It is asked again in ${seconds} ${seconds === 1 ? 'second' : 'seconds'}: please try again then.`;
}
