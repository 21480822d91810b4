import type { Entries } from '../../../web/src/protocol/fold.js';
import type { AssistantMessage } from '../../../web/src/protocol/items/assistant-message.js';
import type { Workflow } from '../../../web/src/protocol/items/workflow.js';
import { textOf } from '../../../web/src/protocol/items/text-of.js';
import type { ChatEvent, Item } from '../../../web/src/protocol/types.js';
import { MarkdownStream } from '../markdown/markdown-stream.js';
import { oneLine, plain } from '../plain.js';
import { itemText, sourceText } from './item-text.js';

/** Where a turn is shown. */
export interface Screen {
  /** The answer itself. */
  readonly write: (text: string) => void;
  /** Everything beside it, in lines of their own. */
  readonly note: (line: string) => void;
  /** Both go to the same place, so that a line beside the answer must not begin within one of it. */
  readonly isShared: boolean;
  /** False: the answer is written as it is, without drawing. */
  readonly isDrawn: boolean;
}

/** Shows a turn while it happens. */
export class TurnView {
  readonly #markdown = new MarkdownStream();
  /** What is written of each message. */
  readonly #written = new Map<string, string>();
  /** Steps that were told. */
  readonly #told = new Set<string>();
  #isMidLine = false;

  constructor(private readonly screen: Screen) {}

  /** `entries`: with the event. */
  take(event: ChatEvent, entries: Entries): void {
    switch (event.type) {
      case 'item.added':
      case 'item.updated':
        return this.#grow(event.type === 'item.added' ? event.item.id : event.id, entries);
      case 'item.done':
      case 'item.replaced':
        return this.#finish(event.item);
      case 'item.removed':
        return this.#withdraw(event.id);
      case 'progress':
        return this.note(`… ${oneLine(event.text)}`);
      case 'notice':
        return this.note(`${event.level}: ${oneLine([event.title, event.message].filter(Boolean).join(': '))}`);
      case 'effect':
        return this.note(`(for web pages only: ${oneLine(event.name)})`);
      case 'run':
      case 'thread':
      case 'options':
      case 'error':
        return undefined;
    }
  }

  /** A line beside the answer, which is not torn. */
  note(line: string): void {
    if (this.screen.isShared) this.#endLine();
    if (line !== '') this.screen.note(line);
  }

  end(): void {
    this.#endLine();
  }

  #grow(id: string, entries: Entries): void {
    const item = entries.find((entry) => entry.item.id === id)?.item;
    if (item?.type === 'assistant_message') this.#writeMessage(item);
    if (item?.type === 'workflow') this.#tellSteps(item);
  }

  #finish(item: Item): void {
    if (item.type === 'user_message') return;
    if (item.type === 'workflow') return this.#tellSteps(item, true);
    // What waits for an answer is asked for when the turn is over; what was answered is known.
    if (item.type === 'structured_input' || item.type === 'client_tool_call') return undefined;
    if (item.type !== 'assistant_message') return this.note(itemText(item));
    this.#writeMessage(item);
    this.#endLine();
    const sources = item.content.flatMap(({ annotations }) => annotations.map(({ source }) => sourceText(source)));
    for (const [index, source] of [...new Set(sources)].entries()) this.note(`[${index + 1}] ${source}`);
  }

  /** Only what is new; a text that has changed is written again. */
  #writeMessage(item: AssistantMessage): void {
    const text = plain(textOf(item));
    const written = this.#written.get(item.id) ?? '';
    const isLonger = text.startsWith(written);
    if (!isLonger) this.note('(the answer has changed)');
    const rest = isLonger ? text.slice(written.length) : text;
    this.#written.set(item.id, text);
    if (rest === '') return;
    this.screen.write(this.screen.isDrawn ? this.#markdown.write(rest) : rest);
    this.#isMidLine = !rest.endsWith('\n');
  }

  /** Each step once, when it is complete, or when the whole is. */
  #tellSteps({ id, workflow }: Workflow, isOver = false): void {
    for (const [index, task] of workflow.tasks.entries()) {
      const key = `${id}/${index}`;
      const isDone = isOver || task.status_indicator === 'complete' || index < workflow.tasks.length - 1;
      if (!isDone || this.#told.has(key)) continue;
      this.#told.add(key);
      this.note(itemText({ id, created_at: '', type: 'task', task }));
    }
  }

  #withdraw(id: string): void {
    if ((this.#written.get(id) ?? '') === '') return;
    this.#written.delete(id);
    this.note('(the answer was interrupted and starts again)');
  }

  #endLine(): void {
    const rest = this.#markdown.end();
    if (rest !== '') this.screen.write(rest);
    if (this.#isMidLine) this.screen.write('\n');
    this.#isMidLine = false;
  }
}
