import v8, { type GCProfilerResult } from 'node:v8';

interface Collection {
  readonly before: number;
  readonly after: number;
}

/**
 * Bytes allocated on the JavaScript heap, garbage included: the heap's growth between the collections, added up.
 * Memory of buffers lies outside that heap and is not seen.
 */
export class HeapMeter {
  private total = 0;
  private usedAtStart = 0;
  private profiler = this.begin();

  /** All that was allocated since the meter was made. */
  read(): number {
    const now = usedHeap();
    this.total += allocated(this.usedAtStart, collectionsOf(this.profiler.stop()), now);
    this.profiler = this.begin();
    return this.total;
  }

  private begin(): v8.GCProfiler {
    const profiler = new v8.GCProfiler();
    profiler.start();
    this.usedAtStart = usedHeap();
    return profiler;
  }
}

export function allocated(start: number, collections: readonly Collection[], end: number): number {
  const grown = collections.reduce(
    ({ bytes, last }, { before, after }) => ({ bytes: bytes + before - last, last: after }),
    { bytes: 0, last: start },
  );
  return grown.bytes + end - grown.last;
}

const usedHeap = (): number => v8.getHeapStatistics().used_heap_size;

const collectionsOf = ({ statistics }: GCProfilerResult): Collection[] =>
  statistics.map(({ beforeGC, afterGC }) => ({
    before: beforeGC.heapStatistics.usedHeapSize,
    after: afterGC.heapStatistics.usedHeapSize,
  }));
