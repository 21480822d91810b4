import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { diag, DiagLogLevel } from '@opentelemetry/api';
import { z } from 'zod';
import type { Logger, LoggerOptions } from './logger.js';
import { packageRoot } from './package-root.js';

/** Whether these variables ask for traces. */
export const asksForTraces = (given: {
  readonly OTEL_EXPORTER_OTLP_ENDPOINT?: string | undefined;
  readonly OTEL_EXPORTER_OTLP_TRACES_ENDPOINT?: string | undefined;
  readonly OTEL_SDK_DISABLED?: string | undefined;
}): boolean =>
  (given.OTEL_EXPORTER_OTLP_ENDPOINT ?? given.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT) !== undefined &&
  given.OTEL_SDK_DISABLED?.toLowerCase() !== 'true';

/** How long the last spans may take to leave. */
const FLUSH_WITHIN_MS = 2_000;

let stop: (() => Promise<void>) | undefined;

/** Whether spans are made. Asked before anything else is done for one. */
export const isTracing = (): boolean => stop !== undefined;

/**
 * Loads OpenTelemetry's SDK, which takes 0.1 s of a CPU and 5 MB, and sends spans from now on. It reads the standard variables: headers, sampler,
 * limits, batches, and `OTEL_SERVICE_NAME` and `OTEL_RESOURCE_ATTRIBUTES`, which take precedence over what is said here.
 */
export async function startTracing(name: LoggerOptions['name'], logger: Pick<Logger, 'warn'>): Promise<void> {
  const [{ NodeTracerProvider, BatchSpanProcessor }, { OTLPTraceExporter }, resources] = await Promise.all([
    import('@opentelemetry/sdk-trace-node'),
    import('@opentelemetry/exporter-trace-otlp-http'),
    import('@opentelemetry/resources'),
  ]);
  const warn = (message: string): void => logger.warn({ detail: message }, 'traces');
  diag.setLogger(
    { error: warn, warn, info: () => undefined, debug: () => undefined, verbose: () => undefined },
    { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
  );
  const own = { 'service.name': `chatkit-relay-${name}`, 'service.version': version() };
  const provider = new NodeTracerProvider({
    resource: resources
      .defaultResource()
      .merge(resources.resourceFromAttributes(own))
      .merge(resources.detectResources({ detectors: [resources.envDetector] })),
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())],
  });
  provider.register();
  stop = () => provider.shutdown();
}

const Manifest = z.object({ version: z.string() });
const version = (): string =>
  Manifest.parse(JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8'))).version;

/** Sends what is left. A receiver that does not answer delays the end by a moment only. */
export async function stopTracing(): Promise<void> {
  await Promise.race([stop?.().catch(() => undefined), sleep(FLUSH_WITHIN_MS, undefined, { ref: false })]);
}
