import type { StreamPart } from '../spec/stream-part.js';

/** What is wrong with a whole stream by the rules of {@link StreamPart}, in words; empty when nothing is. */
export function faultsOf(parts: readonly StreamPart[]): string[] {
  const faults: string[] = [];
  const open = new Set<string>();
  const seen = new Set<string>();
  for (const [index, part] of parts.entries()) {
    if (part.type === 'finish' && index !== parts.length - 1) faults.push('finish is not the last part');
    if (!('id' in part)) continue;
    const block = `${part.type.replace(/-(start|delta|end)$/, '')} ${part.id}`;
    if (part.type.endsWith('-start')) {
      if (seen.has(part.id)) faults.push(`id ${part.id} is used twice`);
      seen.add(part.id);
      open.add(block);
    } else if (!open.has(block)) faults.push(`${part.type} of ${block}, which is not open`);
    if (part.type.endsWith('-end')) open.delete(block);
  }
  if (parts.at(-1)?.type !== 'finish') faults.push('no finish');
  return [...faults, ...[...open].map((block) => `${block} is never ended`)];
}
