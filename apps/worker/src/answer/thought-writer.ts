import type { OpenWorkflow } from '../output/open-workflow.js';

interface Thought {
  text: string;
  /** Place in the workflow while it streams; undefined for one that is shown when it is complete [WF-3]. */
  index: number | undefined;
  /** Length of the text when it was last shown. */
  shown: number;
}

/**
 * Every update repeats the thought so far [WF-2], so showing each fragment of a long one would cost its length squared.
 * Short thoughts are shown fragment by fragment; a long one whenever it has grown by a sixteenth.
 */
const growsEnough = ({ text, shown }: Thought): boolean => text.length - shown >= shown / 16;

/** The model's thoughts as a reasoning workflow: the first one streams, later ones arrive whole [GF-11]. */
export class ThoughtWriter {
  private readonly open = new Map<string, Thought>();
  /** Workflows that thoughts of this model call have begun. */
  private readonly begun = new Set<string>();

  constructor(private readonly workflow: OpenWorkflow) {}

  async start(blockId: string): Promise<void> {
    await this.ensureWorkflow();
    this.open.set(blockId, { text: '', index: undefined, shown: 0 });
  }

  append(blockId: string, text: string): Promise<void> | undefined {
    const thought = this.open.get(blockId);
    if (!thought || text === '') return undefined;
    thought.text += text;
    return thought.text.trim() !== '' && this.streams(thought) && growsEnough(thought) ? this.show(thought) : undefined;
  }

  async end(blockId: string): Promise<void> {
    const thought = this.open.get(blockId);
    this.open.delete(blockId);
    if (!thought || thought.text.trim() === '') return;
    await this.show(thought);
  }

  async endAll(): Promise<void> {
    for (const blockId of this.open.keys()) await this.end(blockId);
  }

  /** Forgets all, and returns the workflows that were shown for it; thoughts within another one's workflow stay. */
  discard(): readonly string[] {
    const ids = [...this.begun];
    this.begun.clear();
    this.open.clear();
    if (ids.includes(this.workflow.current?.id ?? '')) this.workflow.leave();
    return ids;
  }

  private async ensureWorkflow(): Promise<void> {
    if (!this.workflow.current) this.begun.add((await this.workflow.start({ type: 'reasoning' })).id);
  }

  private streams(thought: Thought): boolean {
    const workflow = this.workflow.current?.workflow;
    return thought.index !== undefined || (workflow?.type === 'reasoning' && workflow.tasks.length === 0);
  }

  private async show(thought: Thought): Promise<void> {
    // Servers put a blank line between two thoughts; it belongs to neither.
    const task = { type: 'thought' as const, content: thought.text.replace(/\n\n$/, '') };
    thought.shown = thought.text.length;
    if (thought.index !== undefined) return this.workflow.updateTask(thought.index, task);
    await this.ensureWorkflow();
    thought.index = this.workflow.current?.workflow.tasks.length ?? 0;
    await this.workflow.addTask(task);
  }
}
