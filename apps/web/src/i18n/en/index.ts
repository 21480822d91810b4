import { composer } from './composer.js';
import { core } from './core.js';
import { items } from './items.js';
import { widgets } from './widgets.js';

export const en = { core, items, widgets, composer };
export type Texts = typeof en;
