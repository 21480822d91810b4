import {
  type EventOf,
  isHidden,
  type ItemUpdate,
  newId,
  Task,
  type TaskInput,
  type ThreadItem,
  type ThreadStreamEvent,
  Workflow,
  type WorkflowInput,
  type WorkflowItem,
  type WorkflowSummary,
} from '#chatkit';
import type { ItemTimes } from './item-times.js';

/** Kinds that may appear beside an open workflow without ending it [WF-10]. */
const BESIDE: ReadonlySet<ThreadItem['type']> = new Set(['client_tool_call', 'generated_image', 'end_of_turn']);

/** The one workflow that a turn has open: when it is announced [WF-1], and when and how it ends [WF-4] [WF-8]. */
export class OpenWorkflow {
  private item: WorkflowItem | undefined;
  private announced = false;
  /** A workflow of an earlier turn that this one continues [WF-5]. */
  private continued: string | undefined;

  constructor(
    private readonly threadId: string,
    private readonly times: ItemTimes,
    private readonly emit: (event: ThreadStreamEvent) => Promise<void> | undefined,
  ) {}

  get current(): WorkflowItem | undefined {
    return this.item;
  }

  isContinued(itemId: string): boolean {
    return this.continued === itemId;
  }

  /** [WF-5]: continues the workflow that is the thread's newest item, or the one right before it if that is a client tool call. */
  continueFrom(items: readonly ThreadItem[]): void {
    const [newest, before] = [items.at(-1), items.at(-2)];
    const item = newest?.type === 'client_tool_call' ? before : newest;
    if (item?.type !== 'workflow') return;
    this.item = item;
    this.announced = true;
    this.continued = item.id;
  }

  /** [WF-1]: a reasoning workflow is announced at once, a custom one with its first task. */
  async start(input: WorkflowInput): Promise<WorkflowItem> {
    await this.end();
    const item: WorkflowItem = {
      type: 'workflow',
      id: newId('workflow'),
      thread_id: this.threadId,
      created_at: this.times.next(),
      workflow: Workflow.parse(input),
    };
    this.announced = false;
    if (item.workflow.type === 'reasoning' || item.workflow.tasks.length > 0) await this.announce(item);
    else this.item = item;
    return item;
  }

  /** Begins a custom workflow when none is open. */
  async addTask(input: TaskInput): Promise<void> {
    const task = Task.parse(input);
    const item = this.item ?? (await this.start({ type: 'custom' }));
    const { tasks } = item.workflow;
    const grown = { ...item, workflow: { ...item.workflow, tasks: [...tasks, task] } };
    if (!this.announced) return this.announce(grown);
    await this.emit(taskEvent(item.id, { type: 'workflow.task.added', task_index: tasks.length, task }));
  }

  async updateTask(index: number, input: TaskInput): Promise<void> {
    const item = this.required();
    if (!item.workflow.tasks[index]) throw new RangeError(`The open workflow has no task ${index}.`);
    await this.emit(taskEvent(item.id, { type: 'workflow.task.updated', task_index: index, task: Task.parse(input) }));
  }

  /** [WF-8]: no-op when none is open. */
  async end(ending: { readonly summary?: WorkflowSummary; readonly expanded?: boolean } = {}): Promise<void> {
    const event = this.ending(ending);
    if (event) await this.emit(event);
  }

  /** The end of the workflow, when `item` is something that ends it by appearing [WF-4] [WF-10]. */
  endsBefore(item: ThreadItem): EventOf<'thread.item.done'> | undefined {
    if (!this.item || item.id === this.item.id || isHidden(item) || BESIDE.has(item.type)) return undefined;
    return this.ending({});
  }

  /** A workflow that was announced by its event. */
  adopt(item: WorkflowItem): void {
    this.item = item;
    this.announced = true;
  }

  close(itemId: string): void {
    if (this.item?.id === itemId) this.item = undefined;
  }

  /** Applies an event to the open workflow's tasks. */
  follow(itemId: string, update: ItemUpdate): void {
    if (this.item?.id !== itemId || !('task_index' in update)) return;
    const tasks = [...this.item.workflow.tasks];
    tasks[update.task_index] = update.task;
    this.item = { ...this.item, workflow: { ...this.item.workflow, tasks } };
  }

  /** Forgets the workflow; returns it if it has been announced [WF-6] [WF-9]. */
  leave(): WorkflowItem | undefined {
    const item = this.announced ? this.item : undefined;
    this.item = undefined;
    return item;
  }

  private async announce(item: WorkflowItem): Promise<void> {
    this.item = undefined; // it does not end itself by appearing
    await this.emit({ type: 'thread.item.added', item });
  }

  /** A workflow that was never announced ends without an event. */
  private ending({
    summary,
    expanded = false,
  }: {
    readonly summary?: WorkflowSummary;
    readonly expanded?: boolean;
  }): EventOf<'thread.item.done'> | undefined {
    const item = this.leave();
    if (!item) return undefined;
    const duration = Math.max(0, Math.floor((this.times.clock.now().getTime() - Date.parse(item.created_at)) / 1000));
    const workflow = { ...item.workflow, summary: summary ?? item.workflow.summary ?? { duration }, expanded };
    return { type: 'thread.item.done', item: { ...item, workflow } };
  }

  private required(): WorkflowItem {
    if (this.item) return this.item;
    throw new Error('There is no open workflow: start one first.');
  }
}

const taskEvent = (item_id: string, update: ItemUpdate): ThreadStreamEvent => ({
  type: 'thread.item.updated',
  item_id,
  update,
});
