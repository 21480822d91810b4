import { Transform } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { AppError, type RequestLimits } from '#runtime';

/** Smaller bodies are not counted: an idle connection may hold as much, and what people write is shorter. */
export const SMALL_BODY = 64 * 1024;
const MB = 1024 * 1024;

type Limits = Pick<RequestLimits, 'bodyBytes' | 'openBytes' | 'openBytesPerUser'>;

/** What bodies take of the memory of this process, from their first byte until they have been answered: many large ones must not fill it. */
export class OpenBodies {
  private total = 0;
  private readonly ofUsers = new Map<string, number>();

  constructor(private readonly limits: Omit<Limits, 'bodyBytes'>) {}

  /** Takes room for a user's body. Throws `AppError` `limit.bodies` or `limit.server`. */
  take(user: string, bytes: number): void {
    const { openBytes, openBytesPerUser } = this.limits;
    const own = (this.ofUsers.get(user) ?? 0) + bytes;
    if (own > openBytesPerUser) {
      const most = `${Math.floor(openBytesPerUser / MB)} MB`;
      throw new AppError(
        'limit.bodies',
        `Your requests that are open have ${most} already. Wait for their answers (limit bodies.user).`,
      );
    }
    if (this.total + bytes > openBytes) {
      throw new AppError(
        'limit.server',
        'The server holds as many large requests as it can. Try again (limit bodies).',
      );
    }
    this.ofUsers.set(user, own);
    this.total += bytes;
  }

  free(user: string, bytes: number): void {
    this.total -= bytes;
    const left = (this.ofUsers.get(user) ?? 0) - bytes;
    if (left > 0) this.ofUsers.set(user, left);
    else this.ofUsers.delete(user);
  }
}

/** Counts the bodies that are read as JSON: by their announced length before anything is read, else as they come. */
export function limitOpenBodies(fastify: Pick<FastifyInstance, 'addHook'>, limits: Limits): void {
  const bodies = new OpenBodies(limits);
  fastify.addHook('preParsing', async (request, reply, payload) => {
    if (isFile(request) || reply.raw.closed) return payload;
    const user = userOf(request);
    let held = 0;
    const grow = (bytes: number): void => {
      // What is still in a pipe then is not kept.
      if (reply.raw.closed) return;
      bodies.take(user, bytes);
      held += bytes;
    };
    reply.raw.once('close', () => bodies.free(user, held));
    const announced = Number(request.headers['content-length']);
    // A larger one is refused unread.
    if (announced > SMALL_BODY && announced <= limits.bodyBytes) grow(announced);
    return request.headers['transfer-encoding'] === undefined ? payload : counted(payload, grow);
  });
}

/** Reports what comes beyond the size of a small body, and all of that body with the first of it. */
function counted(payload: NodeJS.ReadableStream, grow: (bytes: number) => void): Transform {
  let received = 0;
  const counter = new Transform({
    transform(chunk: Buffer, _, done) {
      const before = received > SMALL_BODY ? received : 0;
      received += chunk.length;
      try {
        if (received > SMALL_BODY) grow(received - before);
        done(null, chunk);
      } catch (error) {
        done(error as Error);
      }
    },
  });
  payload.on('error', (error) => counter.destroy(error));
  return payload.pipe(counter);
}

const isFile = ({ routeOptions: { url = '' } }: FastifyRequest): boolean => url.startsWith('/files');

const userOf = ({ identity }: FastifyRequest): string =>
  identity ? JSON.stringify([identity.tenantId, identity.userId]) : '';
