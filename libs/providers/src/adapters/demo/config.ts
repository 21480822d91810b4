import * as z from 'zod';
import { modelPolicies } from '../../spec/policy-config.js';
import { id } from '../entry-fields.js';

export const DemoConfig = z.strictObject({ kind: z.literal('demo'), id: id.default('demo'), ...modelPolicies });
