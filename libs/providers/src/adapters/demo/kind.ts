import { defineKind } from '../kind.js';
import { DemoConfig } from './config.js';
import { createDemoProvider } from './provider.js';

export const demo = defineKind({
  config: DemoConfig,
  create: (config) => createDemoProvider(config.id),
  formatFields: () => undefined,
  acceptedFiles: () => null,
});
