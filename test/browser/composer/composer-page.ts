import { fileURLToPath } from 'node:url';
import type { Locator, Page } from 'playwright-core';
import { ChatPage } from '../chat-page.js';

export const CONFIG = fileURLToPath(new URL('composer.config.yaml', import.meta.url));

export interface FileToAttach {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

export const textFile = (name: string, text = `This is ${name}.`): FileToAttach => ({
  name,
  mimeType: 'text/plain',
  buffer: Buffer.from(text),
});

/** The place where messages are written, by what a person sees of it. */
export class ComposerPage extends ChatPage {
  readonly attachButton: Locator;
  readonly files: Locator;
  readonly sentFiles: Locator;
  readonly refusals: Locator;
  readonly quote: Locator;

  constructor(page: Page) {
    super(page);
    const form = page.locator('form.composer');
    this.attachButton = page.getByRole('button', { name: 'Attach files' });
    this.files = form.getByRole('list', { name: 'Attached files' }).getByRole('listitem');
    this.sentFiles = this.questions.getByRole('list', { name: 'Attached files' }).getByRole('listitem');
    this.refusals = form.getByRole('alert');
    this.quote = form.getByRole('group', { name: 'Your message is about' });
  }

  override async open(): Promise<this> {
    await super.open();
    // What the server offers is known.
    await this.attachButton.waitFor();
    await this.page.getByRole('button', { name: /^Assistant/ }).waitFor();
    return this;
  }

  /** By the file dialog. */
  async attach(...files: readonly FileToAttach[]): Promise<void> {
    const chooser = this.page.waitForEvent('filechooser');
    await this.attachButton.click();
    await (await chooser).setFiles([...files]);
  }

  /** Until all of it has arrived. */
  async attachReady(...files: readonly FileToAttach[]): Promise<void> {
    await this.attach(...files);
    for (const { name } of files) {
      await this.files.filter({ hasText: name }).and(this.page.locator('[data-state="ready"]')).waitFor();
    }
  }

  /** Does on the page what dropping files does. */
  async drag(type: 'dragenter' | 'dragover' | 'drop', files: readonly { name: string; type: string }[]): Promise<void> {
    await this.page.evaluate(
      `(() => {
        const data = new DataTransfer();
        for (const { name, type } of ${JSON.stringify(files)}) data.items.add(new File(['dropped ' + name], name, { type }));
        document.querySelector('main').dispatchEvent(
          new DragEvent('${type}', { dataTransfer: data, bubbles: true, cancelable: true }));
      })()`,
    );
  }

  async choose(picker: RegExp | string, option: string): Promise<void> {
    await this.page.getByRole('button', { name: picker }).click();
    await this.page.getByRole('option', { name: option }).click();
  }
}

/** Whether a picture is there, and not only its element. */
export const isLoaded = (image: Locator): Promise<boolean> =>
  image.evaluate((element: unknown) => (element as { readonly naturalWidth: number }).naturalWidth > 0);
