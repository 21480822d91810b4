import { ignoredDocuments } from '../../spec/ignored-documents.js';
import type { ModelCall } from '../../spec/language-model.js';
import type { Warning } from '../../spec/stream-part.js';

/** Any of these variables holds the standing instructions. */
const INSTRUCTIONS: readonly string[] = ['messages[system]', 'system', 'prompt'];

/** What a template that uses these variables has no place for, of all that a call may have. */
export function unplaced(call: ModelCall, uses: ReadonlySet<string>): Warning[] {
  const settings = Object.entries(call.settings ?? {}).flatMap(([name, value]) =>
    value === undefined || uses.has('settings') || uses.has(`settings.${name}`) ? [] : [name],
  );
  const hasTools = (call.tools?.length ?? 0) > 0 && call.toolChoice !== 'none';
  const ignored = [...settings, ...(hasTools && !uses.has('tools') ? ['tools'] : [])];
  return [
    ...ignoredDocuments(call),
    ...ignored.map((setting) => ({
      code: 'unsupported_setting' as const,
      setting,
      detail: 'the request that is declared has no place for it',
    })),
    ...contents(call, uses).map((what) => ({
      code: 'unsupported_content' as const,
      detail: `the request that is declared has no place for ${what}`,
    })),
  ];
}

function contents({ prompt }: ModelCall, uses: ReadonlySet<string>): string[] {
  const types = new Set(
    prompt.flatMap(({ role, content }) => (role === 'user' ? content.map(({ type }) => type) : [])),
  );
  const has = (field: string) => [...uses].some((name) => name.endsWith(`[].${field}`));
  return [
    ...(prompt.some(({ role }) => role === 'system') && !INSTRUCTIONS.some((name) => uses.has(name))
      ? ['standing instructions']
      : []),
    ...(types.has('image') && !has('images') ? ['images'] : []),
    ...(types.has('file') && !has('files') ? ['files'] : []),
  ];
}
