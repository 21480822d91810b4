import { readFileSync } from 'node:fs';
import type { Route } from 'playwright-core';
import { until } from '../../support/chat.js';
import type { Visit } from '../chat-page.js';

const CDN = 'https://cdn.platform.openai.com';
export const CDN_SCRIPT = `${CDN}/deployments/chatkit/chatkit.js`;
const STUB = readFileSync(new URL('stub.js', import.meta.url), 'utf8');

/** What the CDN answers; everything else outside is out of reach. */
export async function serveScript({ context }: Visit, answer: (route: Route) => Promise<void>): Promise<void> {
  await context.route(/^https:/, (route) => (route.request().url() === CDN_SCRIPT ? answer(route) : route.abort()));
}

export const serveStub = (visit: Visit): Promise<void> =>
  serveScript(visit, (route) => route.fulfill({ contentType: 'text/javascript', body: STUB }));

/** A page with the component's stub, which a test drives by its methods. */
export class OfficialPage {
  constructor(private readonly visit: Visit) {}

  async open(url = '/chatkit-react'): Promise<this> {
    await this.visit.page.goto(url);
    await until('the options', 10_000, () => this.visit.page.evaluate<boolean>('Boolean(globalThis.chatKit)'));
    return this;
  }

  /** Calls a method of the stub, and returns its result as JSON. */
  do<Result = unknown>(method: string, ...args: readonly unknown[]): Promise<Result> {
    const list = args.map((arg) => JSON.stringify(arg)).join(', ');
    return this.visit.page.evaluate<Result>(`chatKit.${method}(${list})`);
  }

  /** The value of an expression in the page. */
  see<Result>(expression: string): Promise<Result> {
    return this.visit.page.evaluate<Result>(expression);
  }

  options<Options>(): Promise<Options> {
    return this.do<Options>('plainOptions');
  }

  /** The text of the last answer. */
  answer(): Promise<string> {
    return this.see<string>(`chatKit.itemsOf('assistant_message').at(-1)?.content.map(({ text }) => text).join('')`);
  }
}
