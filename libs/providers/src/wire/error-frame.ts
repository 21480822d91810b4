import { type Json, object, text } from '../http/json.js';

/**
 * Whether a frame of a stream, or a body with status 200, is the report of a failure. Servers do send an empty `error` with a good
 * answer. Called for frames that hold no answer, so that a token costs nothing.
 */
export function isErrorBody(frame: Json): boolean {
  if (isSet(frame['error']) || isSet(frame['errors']) || isSet(frame['error_msg']) || isSet(frame['error_code']))
    return true;
  if (frame['object'] === 'error' || frame['type'] === 'error' || frame['success'] === false) return true;
  if (Number(object(frame['base_resp'])?.['status_code'] ?? 0) !== 0) return true;
  if (isSet(frame['detail'])) return typeof frame['detail'] !== 'number';
  const said = text(frame['message']) || text(frame['msg']);
  return said !== '' && (hasFailureCode(frame) || Object.keys(frame).every((key) => /^(message|msg|.*id)$/i.test(key)));
}

/** A code that is a word, or a number that HTTP has for failures; 0 and 200 are none. */
const hasFailureCode = ({ code, status, statusCode, status_code: other }: Json): boolean =>
  [code, status, statusCode, other].some(isFailureCode);

const isFailureCode = (code: unknown): boolean =>
  (Number(code) >= 400 && Number(code) < 600) ||
  (typeof code === 'string' && /[a-z]/i.test(code) && !/^(ok|success)/i.test(code));

/** Whether a field says anything: not absent, empty, false or 0, nor a list or object of nothing else. */
export function isSet(value: unknown): boolean {
  if (typeof value === 'object' && value !== null) return Object.values(value).some(isSet);
  return Boolean(value);
}
