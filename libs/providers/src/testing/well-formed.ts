import type { StreamPart } from '../spec/stream-part.js';

/** What is wrong with a whole stream by the rules of {@link StreamPart}, in words; empty when nothing is. */
export function faultsOf(parts: readonly StreamPart[]): string[] {
  const faults: string[] = [];
  const open = new Set<string>();
  const seen = new Set<string>();
  for (const [index, part] of parts.entries()) {
    if (part.type === 'finish' && index !== parts.length - 1) faults.push('finish is not the last part');
    if (part.type === 'discard') {
      open.clear();
      seen.clear();
    }
    if (!('id' in part) || part.id === undefined) continue;
    const block = blockOf(part.type, part.id);
    if (part.type.endsWith('-start')) {
      if (seen.has(part.id)) faults.push(`id ${part.id} is used twice`);
      seen.add(part.id);
      open.add(block);
    } else if (!open.has(block)) faults.push(`${part.type} of ${block}, which is not open`);
    if (/-(end|failed)$/.test(part.type)) open.delete(block);
  }
  if (parts.at(-1)?.type !== 'finish') faults.push('no finish');
  return [...faults, ...[...open].map((block) => `${block} is never ended`)];
}

/** A source belongs to a text; everything else to a block of its own kind. */
function blockOf(type: StreamPart['type'], id: string): string {
  return `${type === 'source' ? 'text' : type.replace(/-(start|delta|preview|end|failed)$/, '')} ${id}`;
}
