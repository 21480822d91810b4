import { expect, it } from 'vitest';
import { classifyCohereFailure } from './classify.js';

it.each([
  [400, 'too many tokens: size limit exceeded by 11326 tokens. Try using shorter or fewer inputs.', 'context_too_long'],
  [
    400,
    'too many tokens: max tokens must be less than or equal to 4096, the maximum output - received 8192.',
    'bad_request',
  ],
  [400, "invalid request: model 'embed-v4' is not supported by the chat API", 'model_unknown'],
  [400, 'invalid request: temperature must be between 0 and 1.0 inclusive.', 'bad_request'],
  [401, 'invalid api token', 'bad_key'],
  [402, 'Maximum billing reached for this API key', 'no_access'],
  [403, 'Please contact our sales team', 'no_access'],
  [404, "model 'xyz' not found, make sure the correct model ID was used", 'model_unknown'],
  [404, '404 page not found', 'bad_request'],
  [422, "unknown field: parameter 'x' is not a valid field", 'bad_request'],
  [429, 'You are using a Trial key, which is limited to 20 API calls / minute.', 'rate_limited'],
  [429, 'You are using a Trial key, which is limited to 1000 API calls / month.', 'no_access'],
  [498, 'blocked', 'content_filtered'],
  [499, 'request cancelled', 'unavailable'],
  [500, 'internal server error', 'unavailable'],
  [503, '', 'unavailable'],
  [504, '', 'timeout'],
  [undefined, 'internal server error', 'unavailable'],
])('%s %s is %s', (status, message, code) => {
  expect(classifyCohereFailure({ status, words: [], message })).toBe(code);
});
