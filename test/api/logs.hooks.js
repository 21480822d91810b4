import { defineHooks } from 'chatkit-relay/providers';

/** Fails with all that it knows, for one model. */
export default defineHooks({
  after(result, caller, { provider }) {
    if (provider === 'words') throw new Error(`the audit is down: ${result.text}`);
  },
});
