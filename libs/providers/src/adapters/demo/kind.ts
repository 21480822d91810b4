import * as z from 'zod';
import { modelPolicies } from '../../spec/policy-config.js';
import { id } from '../entry-fields.js';
import { defineKind } from '../kind.js';
import { createDemoProvider } from './provider.js';

const DemoConfig = z.strictObject({ kind: z.literal('demo'), id: id.default('demo'), ...modelPolicies });

export const demo = defineKind({
  config: DemoConfig,
  create: (config) => createDemoProvider(config.id),
  formatFields: () => undefined,
  acceptedFiles: () => null,
});
