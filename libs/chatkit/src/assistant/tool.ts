import { z } from 'zod';
import type { Awaitable } from './awaitable.js';
import type { ToolContext } from './context.js';

/** A JSON Schema whose root is an object. */
export type ToolParameters = Readonly<Record<string, unknown>>;

interface ToolBase {
  readonly name: string;
  readonly description: string;
  /** For the model. */
  readonly parameters: ToolParameters;
}

/** A function that the server runs when the model asks for it. */
export interface ServerTool extends ToolBase {
  readonly kind: 'server';
  /** Whether a new attempt after a crash may run it again. If not, the turn ends in an error that the user may retry. */
  readonly retrySafe: boolean;
  readonly onError: 'tell_model' | 'fail';
  /** Checks the arguments and runs the tool. Throws `ToolArgumentsError` for invalid arguments. */
  call(args: unknown, ctx: ToolContext): Promise<unknown>;
}

/** A function that the page runs; calling it ends the turn until the page has answered [TC-1]. */
export interface ClientTool extends ToolBase {
  readonly kind: 'client';
}

export type Tool = ServerTool | ClientTool;

/** The model's arguments do not match the tool's parameters; the model gets the message and may try again. */
export class ToolArgumentsError extends Error {
  override readonly name = 'ToolArgumentsError';
}

const TOOL_NAME = /^[A-Za-z0-9_-]{1,64}$/;

export interface ToolDefinition<Parameters extends z.ZodType> {
  /** Letters, digits, `_` and `-`, at most 64. */
  readonly name: string;
  /** For the model: what the tool does and when to use it. */
  readonly description: string;
  /** An object schema. */
  readonly parameters: Parameters;
  /** Its result goes to the model: text unchanged, everything else as JSON. */
  readonly run: (args: z.output<Parameters>, ctx: ToolContext) => Awaitable<unknown>;
  /** Default false. */
  readonly retrySafe?: boolean;
  /** What a thrown error does: the model gets its message (default), or the turn fails. */
  readonly onError?: 'tell_model' | 'fail';
}

/** A server tool. Throws `TypeError` for a name or a schema that models do not accept. */
export function tool<Parameters extends z.ZodType>(definition: ToolDefinition<Parameters>): ServerTool {
  const { name, description, run, retrySafe = false, onError = 'tell_model' } = definition;
  return {
    kind: 'server',
    name: checkedName(name),
    description,
    parameters: toJsonSchema(name, definition.parameters),
    retrySafe,
    onError,
    async call(args, ctx) {
      const parsed = await definition.parameters.safeParseAsync(args);
      if (parsed.success) return run(parsed.data, ctx);
      throw new ToolArgumentsError(`The arguments of ${name} are not valid: ${z.prettifyError(parsed.error)}`);
    },
  };
}

/** A tool of the page. Throws `TypeError` for a name or a schema that models do not accept. */
export function clientTool<Parameters extends z.ZodType>(
  definition: Pick<ToolDefinition<Parameters>, 'name' | 'description' | 'parameters'>,
): ClientTool {
  const { name, description, parameters } = definition;
  return { kind: 'client', name: checkedName(name), description, parameters: toJsonSchema(name, parameters) };
}

function checkedName(name: string): string {
  if (TOOL_NAME.test(name)) return name;
  throw new TypeError(`"${name}" is not a valid tool name: use letters, digits, "_" and "-", at most 64.`);
}

function toJsonSchema(name: string, parameters: z.ZodType): ToolParameters {
  const { $schema: _dialect, ...schema } = z.toJSONSchema(parameters, { io: 'input' });
  if (schema.type === 'object') return schema;
  throw new TypeError(`The parameters of the tool ${name} must be an object schema: z.object({ … }).`);
}
