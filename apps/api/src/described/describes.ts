import type { z } from 'zod';
import { addRouteConfig } from './route-config.js';

/** What the document at `/openapi.json` says of a route; path, method and who may use it are taken from the route itself. */
export interface RouteDescription {
  /** One line, without a full stop. */
  readonly summary: string;
  readonly query?: z.ZodObject;
  /** Of a JSON body. `bytes`: a file as it is. */
  readonly body?: z.ZodType | 'bytes';
  /** Of the JSON answer; `events`: a stream of server-sent events, `jsonOrEvents`: one of both. */
  readonly answer: z.ZodType | 'events' | 'bytes' | 'text' | 'none' | { readonly jsonOrEvents: z.ZodType };
  /** The answer holds objects of the protocol, whose schemas say what is read: more than is written. */
  readonly isProtocol?: true;
  /** A body that is accepted, and an answer to it. Both are checked by a test. */
  readonly example?: { readonly body?: object; readonly answer?: object };
  /** 200 by default. */
  readonly status?: number;
  /** The answer is the same with 503, where that is no failure of the request. */
  readonly isUnavailableToo?: true;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    describes?: RouteDescription;
  }
}

/** Puts the route of a controller's method into the document. The schemas should be those that the method checks with. */
export const Describes = (description: RouteDescription): MethodDecorator => addRouteConfig({ describes: description });

/** What a method returns whose answer has this schema, so that the compiler compares both. */
export type AnswerOf<Schema extends z.ZodType> = DeepReadonly<z.output<Schema>>;

type DeepReadonly<T> = T extends readonly (infer Entry)[]
  ? readonly DeepReadonly<Entry>[]
  : T extends object
    ? { readonly [Key in keyof T]: DeepReadonly<T[Key]> }
    : T;
