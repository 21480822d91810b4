import { EditRequest } from './edit-request.js';
import { JsonObject } from './json.js';
import { explainIssue, type RequestIssue, toIssues } from './request-issues.js';
import { ChatKitRequest, isRequestType } from './request.js';

/** Why a body was refused; a refused request has no effect [ER-4]. */
export type RefusalReason = 'invalid' | 'unknown_type';

export type ParsedRequest = Parsed<ChatKitRequest>;

type Refused = { ok: false; reason: RefusalReason; message: string; issues: RequestIssue[] };
type Parsed<Request> = { ok: true; request: Request } | Refused;

/** Reads a request body that has been through JSON.parse [ER-2]. */
export function parseRequest(body: unknown): ParsedRequest {
  const { success, data: object } = JsonObject.safeParse(body);
  if (!success) return NO_OBJECT;
  const { type } = object;
  if (type === undefined) return invalid([{ path: 'type', message: 'is required' }]);
  if (typeof type !== 'string') return invalid([{ path: 'type', message: 'must be a string' }]);
  if (!isRequestType(type)) return refuse('unknown_type', `There is no request type ${quote(type)}.`);
  const parsed = ChatKitRequest.safeParse(object, { error: explainIssue });
  return parsed.success ? { ok: true, request: parsed.data } : invalid(toIssues(parsed.error));
}

/** The same for the body of an edit, whose fields are not within `params`. */
export function parseEdit(body: unknown): Parsed<EditRequest> {
  const { success, data: object } = JsonObject.safeParse(body);
  if (!success) return NO_OBJECT;
  const parsed = EditRequest.safeParse(object, { error: explainIssue });
  return parsed.success ? { ok: true, request: parsed.data } : invalid(toIssues(parsed.error));
}

function invalid(issues: RequestIssue[]): Refused {
  const [first] = issues;
  const more = issues.length > 1 ? ` (and ${issues.length - 1} more)` : '';
  return refuse('invalid', `The request is not valid: ${first?.path} ${first?.message}${more}.`, issues);
}

function refuse(reason: RefusalReason, message: string, issues: RequestIssue[] = []): Refused {
  return { ok: false, reason, message, issues };
}

const NO_OBJECT = refuse('invalid', 'The request body must be a JSON object.');

// The name comes from the client and appears in the response and in logs.
function quote(type: string): string {
  return JSON.stringify(type.length > 60 ? `${type.slice(0, 60)}…` : type);
}
