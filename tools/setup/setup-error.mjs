/** An error whose message is all that a person needs: what is wrong and how to mend it. Printed without a stack. */
export class SetupError extends Error {
  name = 'SetupError';
}
