import { Injectable } from '@nestjs/common';
import { type Page, type RequestOf, type Thread, type ThreadItem, toWireThread, visibleItems } from '#chatkit';
import {
  type AuthContext,
  Database,
  DeletedFiles,
  EventEngine,
  Logger,
  type PageRequest,
  PrismaThreadStore,
} from '#runtime';
import { loadOpenItems, RunAdmission, withFileLinks } from '#runtime/api';
import { callerIds } from '../errors/log-ids.js';
import type { Caller } from './caller.js';
import { withOpenItems } from './with-open-items.js';

const FIRST_PAGE = { limit: 20, order: 'asc' } as const;

@Injectable()
export class ThreadOperations {
  constructor(
    private readonly store: PrismaThreadStore,
    private readonly runs: RunAdmission,
    private readonly database: Database,
    private readonly engine: EventEngine,
    private readonly deletedFiles: DeletedFiles,
    private readonly logger: Logger,
  ) {}

  /** The thread with its oldest items [PG-5]. */
  async get(caller: Caller, params: RequestOf<'threads.get_by_id'>['params']): Promise<Thread> {
    const [thread, items] = await Promise.all([
      this.store.loadThread(caller.auth, params.thread_id),
      this.loadPage(caller, params.thread_id, FIRST_PAGE),
    ]);
    return toWireThread(thread, items);
  }

  async list({ auth }: Caller, paging: RequestOf<'threads.list'>['params']): Promise<Page<Thread>> {
    const page = await this.store.loadThreads(auth, paging);
    return { ...page, data: page.data.map((thread) => toWireThread(thread)) };
  }

  async listItems(caller: Caller, params: RequestOf<'items.list'>['params']): Promise<Page<ThreadItem>> {
    const { thread_id: threadId, ...paging } = params;
    const page = await this.loadPage(caller, threadId, paging);
    return { ...page, data: visibleItems(page.data) };
  }

  /** Sets the title and nothing else [CC-4]; answers the thread with an empty page [RQ-20]. */
  async update({ auth }: Caller, params: RequestOf<'threads.update'>['params']): Promise<Thread> {
    return toWireThread(await this.store.updateThread(auth, params.thread_id, { title: params.title }));
  }

  /** Runs of the thread that are at work are stopped [RQ-21] [CC-5]. */
  async delete({ auth }: Caller, params: RequestOf<'threads.delete'>['params']): Promise<object> {
    await this.runs.deleteThread(auth, params.thread_id);
    await this.deletedFiles.removeSoon();
    return {};
  }

  /**
   * A page of stored items; for the shim also the unfinished items of live runs, as the newest ones. A client without it
   * would take an unfinished item for a finished one.
   */
  private async loadPage(caller: Caller, threadId: string, paging: PageRequest): Promise<Page<ThreadItem>> {
    const page = await this.loadStored(caller, threadId, paging);
    return { ...page, data: page.data.map((item) => withFileLinks(item, caller.links)) };
  }

  private async loadStored({ auth, isShim }: Caller, threadId: string, paging: PageRequest): Promise<Page<ThreadItem>> {
    if (!isShim) return this.store.loadItems(auth, threadId, paging);
    const open = await this.loadOpen(auth, threadId);
    return withOpenItems(await this.store.loadItems(auth, threadId, paging), open, paging);
  }

  private loadOpen(auth: AuthContext, threadId: string): Promise<ThreadItem[]> {
    return loadOpenItems(this.database, this.engine.log, auth, threadId).catch((error: Error): ThreadItem[] => {
      this.logger.warn({ ...callerIds(auth), threadId, err: error }, 'cannot read the open items of live runs');
      return [];
    });
  }
}
