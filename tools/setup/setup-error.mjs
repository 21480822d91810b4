/** An error whose message says what is wrong and how to fix it. Printed without a stack. */
export class SetupError extends Error {
  name = 'SetupError';
}
