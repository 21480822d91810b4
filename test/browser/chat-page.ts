import type { Browser, BrowserContext, BrowserContextOptions, Locator, Page } from 'playwright-core';

/** Turns a breach of the page's policy into something that `problems` holds. */
const REPORT_VIOLATIONS = `
  addEventListener('securitypolicyviolation', (event) =>
    console.error('policy violated: ' + event.violatedDirective + ' ' + event.blockedURI));
`;

export interface Visit {
  readonly context: BrowserContext;
  readonly page: Page;
  /** Console errors, uncaught exceptions and breaches of the policy. */
  readonly problems: string[];
  /** Addresses that were asked for, other than the server's own. */
  readonly foreign: string[];
}

/** A new person's browser, with an eye on what goes wrong in it. Not yet on any page. */
export async function newVisit(browser: Browser, origin: string, options: BrowserContextOptions = {}): Promise<Visit> {
  const context = await browser.newContext({ baseURL: origin, ...options });
  const page = await context.newPage();
  const problems: string[] = [];
  const foreign: string[] = [];
  await context.addInitScript(REPORT_VIOLATIONS);
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') problems.push(message.text());
  });
  page.on('pageerror', (error) => problems.push(String(error)));
  context.on('request', (request) => {
    const url = new URL(request.url());
    if (url.protocol !== 'data:' && url.origin !== origin) foreign.push(request.url());
  });
  return { context, page, problems, foreign };
}

/** Throws when anything went wrong, or was asked for elsewhere, without being looked at by the test. */
export function assertQuiet({ problems, foreign }: Visit): void {
  const wrong = [...problems, ...foreign.map((address) => `asked for ${address}`)];
  if (wrong.length > 0) throw new Error(`The page was not quiet:\n${wrong.join('\n')}`);
}

/** The page at `/`, by what a person sees of it. */
export class ChatPage {
  readonly field: Locator;
  readonly sendButton: Locator;
  readonly stopButton: Locator;
  readonly questions: Locator;
  readonly answers: Locator;
  readonly threads: Locator;

  constructor(readonly page: Page) {
    this.field = page.getByLabel('Message', { exact: true });
    this.sendButton = page.getByRole('button', { name: 'Send', exact: true });
    this.stopButton = page.getByRole('button', { name: 'Stop the answer' });
    this.questions = page.getByRole('article', { name: 'You said' });
    this.answers = page.getByRole('article', { name: 'The assistant said' });
    this.threads = page.getByRole('navigation', { name: 'Conversations' }).getByRole('listitem');
  }

  async open(): Promise<this> {
    await this.page.goto('/');
    await this.field.waitFor();
    return this;
  }

  async send(text: string): Promise<void> {
    await this.field.fill(text);
    await this.field.press('Enter');
  }

  /** Sends, and waits until the answer is complete. */
  async ask(text: string): Promise<string> {
    const before = await this.answers.count();
    await this.send(text);
    const answer = this.answers.nth(before);
    await answer.getByRole('button', { name: 'Copy answer' }).waitFor();
    return this.textOf(answer);
  }

  textOf(answer: Locator): Promise<string> {
    return answer.locator('.markdown').innerText();
  }

  newChat(): Promise<void> {
    return this.page.getByRole('button', { name: 'New chat' }).click();
  }

  rememberedThread(): Promise<string | null> {
    return this.page.evaluate<string | null>(`localStorage.getItem('chatkit-thread-id')`);
  }
}
