import type { Texts } from '../en/index.js';
import { composer } from './composer.js';
import { core } from './core.js';
import { items } from './items.js';
import { widgets } from './widgets.js';

export const ar: Texts = { core, items, widgets, composer };
