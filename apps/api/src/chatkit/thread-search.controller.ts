import { Controller, Get, Query } from '@nestjs/common';
import { Thread, toWireThread } from '#chatkit';
import { AppError, type AuthContext, Database } from '#runtime';
import { type FoundThread, MAX_SEARCH_LENGTH, MAX_SEARCH_WORDS, searchThreads, searchWords } from '#runtime/api';
import { Auth } from '../auth/auth.decorator.js';
import { readLimit } from '../http/read-limit.js';
import { SearchSlots } from '../slots/search-slots.js';
import { lastOf } from './callers.js';
import { type AnswerOf, Describes } from '../described/describes.js';
import { z } from 'zod';

/** For the document: the method reads them itself, to say what is wrong in words of its own. */
const SearchQuery = z.object({
  q: z.string().max(MAX_SEARCH_LENGTH).optional(),
  limit: z.int().min(1).max(100).optional(),
  after: z.string().optional(),
});
/** A thread as `threads.list` has it, and the place in a message where the words are. */
const FoundThreadShown = Thread.extend({
  snippet: z
    .object({
      item_id: z.string(),
      text: z.string(),
      /** From and until, in UTF-16 units. */
      highlights: z.array(z.tuple([z.number(), z.number()])),
    })
    .optional(),
});
const FoundPage = z.object({ data: z.array(FoundThreadShown), has_more: z.boolean(), after: z.string().optional() });

type Given = string | string[] | undefined;

type Found = AnswerOf<typeof FoundThreadShown>;

/** Search over the caller's threads, which the protocol does not have. */
@Controller('chatkit/threads')
export class ThreadSearchController {
  constructor(
    private readonly database: Database,
    private readonly slots: SearchSlots,
  ) {}

  @Describes({
    summary: 'Searches the caller’s threads',
    query: SearchQuery,
    answer: FoundPage,
    isProtocol: true,
  })
  @Get()
  async search(
    @Auth() auth: AuthContext,
    @Query('q') q: Given,
    @Query('limit') limit: unknown,
    @Query('after') after: Given,
  ): Promise<AnswerOf<typeof FoundPage>> {
    const request = { ...readWords(lastOf(q) ?? ''), limit: readLimit(limit), after: lastOf(after) || undefined };
    const { data, ...page } = await this.slots.within(auth, () => searchThreads(this.database, auth, request));
    return { data: data.map(toWire), ...page };
  }
}

function readWords(searched: string) {
  const found = searchWords(searched);
  if (searched.length > MAX_SEARCH_LENGTH || found.words.length > MAX_SEARCH_WORDS) {
    throw new AppError(
      'request.invalid',
      `q must have at most ${MAX_SEARCH_LENGTH} characters and ${MAX_SEARCH_WORDS} words.`,
    );
  }
  return found;
}

function toWire({ thread, snippet }: FoundThread): Found {
  if (!snippet) return toWireThread(thread);
  const { itemId: item_id, text, highlights } = snippet;
  return { ...toWireThread(thread), snippet: { item_id, text, highlights } };
}
