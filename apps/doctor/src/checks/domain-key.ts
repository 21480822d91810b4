import type { Check } from '../check.js';
import { ok, skip, warn } from '../finding.js';
import { ask, objectIn } from '../server/ask.js';
import type { Server } from '../server/server.js';

const LOCAL = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\]|.*\.localhost)$/;

/** Without it OpenAI's component loads on no domain but localhost. */
export const domainKey: Check<Server> = {
  name: 'domain-key',
  async run({ publicUrl }) {
    const config = await objectIn(await ask(`${publicUrl}/config`));
    if (!config) return [skip(`${publicUrl}/config cannot be read.`)];
    if (config['domainKey']) return [ok('set')];
    const { hostname } = new URL(publicUrl);
    if (LOCAL.test(hostname)) return [ok('not set, and not needed on this machine')];
    return [
      warn(
        `CHATKIT_DOMAIN_KEY is not set: OpenAI's component does not load on ${hostname}. The page at / does not need it.`,
        'Get one for the domain at platform.openai.com, and set it for the API.',
      ),
    ];
  },
};
