// Given to a process by NODE_OPTIONS=--import: notes which of OpenTelemetry's SDK it loads, in the file that NOTED_MODULES names.
import { appendFileSync } from 'node:fs';
import { register } from 'node:module';
import { isMainThread } from 'node:worker_threads';

if (isMainThread) register(import.meta.url);

export async function resolve(specifier, context, next) {
  if (/^@opentelemetry\/(sdk|exporter|resources)/.test(specifier)) {
    appendFileSync(process.env.NOTED_MODULES, `${specifier}\n`);
  }
  return next(specifier, context);
}
