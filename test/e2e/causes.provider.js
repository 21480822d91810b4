import { defineProvider } from 'chatkit-relay/providers';

export default defineProvider({
  name: 'Own',
  defaultModel: 'fails',
  // oxlint-disable-next-line require-yield -- it fails before
  async *stream() {
    throw new Error('the cellar is flooded');
  },
});
