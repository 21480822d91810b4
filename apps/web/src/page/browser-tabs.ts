import type { TabMessage, Tabs } from '../chat/tabs.js';

const NAME = 'chatkit-relay';

/** The tabs of this browser that show this page. */
export class BrowserTabs implements Tabs {
  readonly #channel = new BroadcastChannel(NAME);

  tell(message: TabMessage): void {
    // A channel has no target: all its listeners are of this origin.
    // oxlint-disable-next-line unicorn/require-post-message-target-origin
    this.#channel.postMessage(message);
  }

  onMessage(listener: (message: TabMessage) => void): void {
    // Only this page of this origin writes to it.
    this.#channel.addEventListener('message', ({ data }: MessageEvent<TabMessage>) => listener(data));
  }
}
