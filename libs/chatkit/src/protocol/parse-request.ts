import { JsonObject } from './json.js';
import { explainIssue, type RequestIssue, toIssues } from './request-issues.js';
import { knownRequestTypes } from './request-types.js';
import { ChatKitRequest, isServed } from './request.js';

/** Why a body was refused: nothing was done for any of them [ER-4]. */
export type RefusalReason = 'invalid' | 'unknown_type' | 'not_served';

export type ParsedRequest =
  { ok: true; request: ChatKitRequest } | { ok: false; reason: RefusalReason; message: string; issues: RequestIssue[] };

/** Reads a request body that has been through JSON.parse [ER-2]. */
export function parseRequest(body: unknown): ParsedRequest {
  const { success, data: object } = JsonObject.safeParse(body);
  if (!success) return refuse('invalid', 'The request body must be a JSON object.');
  const { type } = object;
  if (type === undefined) return invalid([{ path: 'type', message: 'is required' }]);
  if (typeof type !== 'string') return invalid([{ path: 'type', message: 'must be a string' }]);
  if (isServed(type)) return parseServed(object);
  return isKnown(type) ? refuseKnown(type, object) : refuse('unknown_type', `There is no request type ${quote(type)}.`);
}

function parseServed(body: JsonObject): ParsedRequest {
  const parsed = ChatKitRequest.safeParse(body, { error: explainIssue });
  return parsed.success ? { ok: true, request: parsed.data } : invalid(toIssues(parsed.error));
}

function refuseKnown(type: string, body: JsonObject): ParsedRequest {
  const { params, metadata } = body;
  if (params === undefined) return invalid([{ path: 'params', message: 'is required' }]);
  if (!JsonObject.safeParse(params).success) return invalid([{ path: 'params', message: 'must be an object' }]);
  if (metadata !== undefined && !JsonObject.safeParse(metadata).success) {
    return invalid([{ path: 'metadata', message: 'must be an object' }]);
  }
  return refuse('not_served', `This server does not answer ${quote(type)} requests yet.`);
}

function isKnown(type: string): boolean {
  return (knownRequestTypes as readonly string[]).includes(type);
}

function invalid(issues: RequestIssue[]): ParsedRequest {
  const [first] = issues;
  const more = issues.length > 1 ? ` (and ${issues.length - 1} more)` : '';
  return refuse('invalid', `The request is not valid: ${first?.path} ${first?.message}${more}.`, issues);
}

function refuse(reason: RefusalReason, message: string, issues: RequestIssue[] = []): ParsedRequest {
  return { ok: false, reason, message, issues };
}

// The name comes from outside and ends in an answer and in logs.
function quote(type: string): string {
  return JSON.stringify(type.length > 60 ? `${type.slice(0, 60)}…` : type);
}
