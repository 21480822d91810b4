import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { DoubleTexting } from '../runs/double-texting.js';
import { Database } from '../platform/database.js';
import { jsonb, prepared, query, timestamp } from '../platform/statement.js';

/** The result of a provider's last check. `code` and `detail` come from a provider error; `detail` may contain an address. */
const PublishedHealth = z.object({
  ok: z.boolean(),
  latencyMs: z.number(),
  code: z.string().optional(),
  detail: z.string().optional(),
  /** ISO 8601. */
  checkedAt: z.string(),
});

/** One setting of a model, in the words of JSON Schema, with its `unit`; as the worker has found it out. */
const PublishedSettings = z.record(z.string(), z.record(z.string(), z.json()));

/** What is known of a model beside its capabilities. `settings` is the place of its settings in the provider's list of them. */
const PublishedModel = z.object({
  name: z.string().optional(),
  contextWindow: z.number().optional(),
  maxOutput: z.number().optional(),
  settings: z.int().min(0).optional(),
});

/** The fields after `defaultModel` are missing in what older workers publish. Never holds a key. */
const PublishedProvider = z.object({
  id: z.string(),
  name: z.string(),
  defaultModel: z.string(),
  /** Model ids from the configuration, without the provider's prefix. */
  models: z.array(z.string()).default([]),
  /** The capabilities of its models, as named in the provider spec. */
  capabilities: z.array(z.string()).default([]),
  /** Those of models that differ from `capabilities`, by the model's id. */
  modelCapabilities: z.record(z.string(), z.array(z.string())).optional(),
  /** What is known of its models, by their ids, and the different settings that they take. */
  modelDetails: z.record(z.string(), PublishedModel).optional(),
  settings: z.array(PublishedSettings).optional(),
  /** Ids that the provider itself lists, as many as the worker includes; absent until it has returned a list. */
  listed: z.array(z.string()).optional(),
  /** Absent until the first check. */
  health: PublishedHealth.optional(),
  /** What an operator must know about the provider's key. */
  keyConfig: z.object({ required: z.boolean(), label: z.string(), where: z.string() }).optional(),
  /** Fingerprints of its keys, where it has several. */
  keys: z.array(z.string()).optional(),
});

/** A limit of calls, and its key in the shared state. `scope`: `provider/<id>` or `model/<public name>`. */
const PublishedLimit = z.discriminatedUnion('kind', [
  z.object({ scope: z.string(), key: z.string(), kind: z.literal('concurrency'), most: z.number() }),
  z.object({
    scope: z.string(),
    key: z.string(),
    kind: z.enum(['requests', 'tokens']),
    perMinute: z.number(),
    burst: z.number(),
  }),
]);

/** A model that is not called until then (ISO 8601, by Postgres' clock), because it has failed repeatedly. */
const PublishedBreaker = z.object({ provider: z.string(), model: z.string(), openUntil: z.string() });

/** A part of requests that a model has refused, and that it is asked without until then (ISO 8601, by the worker's clock). */
const PublishedRefusal = z.object({ provider: z.string(), model: z.string(), feature: z.string(), until: z.string() });

const text = z.string().optional();

/** What pages show of an assistant; checked where it was written, so that an older API takes what a newer worker publishes. */
const PublishedPresentation = z.object({
  name: text,
  description: text,
  greeting: text,
  placeholder: text,
  disclaimer: text,
  prompts: z.array(z.looseObject({ label: z.string(), prompt: z.string() })).default([]),
  composerTools: z.array(z.looseObject({ id: z.string(), label: z.string(), icon: z.string() })).default([]),
});

const PublishedAssistant = z.object({
  id: z.string(),
  presentation: PublishedPresentation.prefault({}),
  /** Whether the stop button is offered [EV-2]. */
  allowCancel: z.boolean().default(true),
  /** What happens to a message that is sent while its thread is being answered. */
  doubleTexting: DoubleTexting.default('enqueue'),
  /** Its callbacks besides answering: `sync_action`, `transcribe`, `feedback`, `action`. */
  features: z.array(z.string()).default([]),
});

/** What one worker can do, as plain data, for the API, which has no access to providers and assistants. */
const Published = z.object({
  defaultModel: z.string(),
  providers: z.array(PublishedProvider),
  assistants: z.array(PublishedAssistant).default([]),
  defaultAssistant: z.string().default('default'),
  /** Public names of models, in addition to `provider/model`. */
  modelNames: z.array(z.string()).default([]),
  /** The public names that stand for one model, with that model. */
  publicModels: z
    .array(
      z.object({
        name: z.string(),
        provider: z.string(),
        model: z.string(),
        /** Where the name says something else than its provider. */
        contextWindow: z.number().optional(),
        settings: PublishedSettings.optional(),
      }),
    )
    .default([]),
  /** Any model name is accepted: only the worker can resolve it. */
  anyModel: z.boolean().default(false),
  /** The breakers that this worker has seen open. */
  openBreakers: z.array(PublishedBreaker).default([]),
  /** What models have refused, as this worker knows it. */
  refusedFeatures: z.array(PublishedRefusal).default([]),
  /** Those of the configuration. */
  limits: z.array(PublishedLimit).default([]),
});

/** As a worker publishes it; older workers omit newer fields. */
export type PublishedCatalogue = z.input<typeof Published>;
export type PublishedModel = z.output<typeof PublishedModel>;
export type PublishedSettings = z.output<typeof PublishedSettings>;
export type PublishedHealth = z.output<typeof PublishedHealth>;
export type PublishedBreaker = z.output<typeof PublishedBreaker>;
export type PublishedLimit = z.output<typeof PublishedLimit>;
export type PublishedRefusal = z.output<typeof PublishedRefusal>;
/** What the live workers can do together. */
export type Catalogue = z.output<typeof Published>;

/** Workers publish this often; an entry three times as old is from a worker that is gone. */
export const CATALOGUE_PUBLISH_MS = 30_000;

const PUBLISH = prepared(
  'catalogue-publish',
  `INSERT INTO catalogues (worker_id, payload, published_at, seen_at) VALUES ($1, $2::jsonb, now(), now())
   ON CONFLICT (worker_id) DO UPDATE
   SET payload = excluded.payload, published_at = excluded.published_at, seen_at = excluded.seen_at
   RETURNING clock_timestamp() AS now`,
  { now: timestamp() },
);

const LOAD = prepared(
  'catalogues-load',
  `SELECT payload, clock_timestamp() AS now FROM catalogues WHERE published_at > now() - $1 * interval '1 ms'
   ORDER BY published_at DESC`,
  { payload: jsonb<unknown>(), now: timestamp() },
);

/** Workers say this often that they take jobs. */
export const SEEN_MS = 1_000;
/** A worker that has said nothing for so long takes none: it was killed, or hangs. */
const UNSEEN_MS = 3_000;

const SEE = prepared('worker-see', `UPDATE catalogues SET seen_at = now() WHERE worker_id = $1`);

/** Workers of versions that do not say it count for as long as their catalogue does. */
const IS_SERVED = prepared(
  'workers-served',
  `SELECT 1 FROM catalogues WHERE published_at > now() - $1 * interval '1 ms'
   AND (seen_at IS NULL OR seen_at > now() - $2 * interval '1 ms') LIMIT 1`,
);

@Injectable()
export class CatalogueStore {
  constructor(private readonly db: Database) {}

  async publish(workerId: string, catalogue: PublishedCatalogue): Promise<void> {
    const { rows } = await query(this.db.system, PUBLISH, [workerId, JSON.stringify(catalogue)]);
    if (rows[0]) this.db.clock.observe(rows[0].now);
  }

  /** Notes that a worker takes jobs now. */
  async see(workerId: string): Promise<void> {
    await query(this.db.system, SEE, [workerId]);
  }

  /** Whether any worker takes jobs. */
  async isServed(): Promise<boolean> {
    const { rowCount } = await query(this.db.system, IS_SERVED, [3 * CATALOGUE_PUBLISH_MS, UNSEEN_MS]);
    return rowCount !== 0;
  }

  async withdraw(workerId: string): Promise<void> {
    await this.db.system.prisma((prisma) => prisma.catalogue.deleteMany({ where: { workerId } }));
  }

  /** What the live workers can call together; undefined while there is none. */
  async load(): Promise<Catalogue | undefined> {
    const { rows } = await query(this.db.system, LOAD, [3 * CATALOGUE_PUBLISH_MS]);
    const catalogues = rows.map((row) => Published.parse(row.payload));
    const [newest] = catalogues;
    if (!newest || !rows[0]) return undefined;
    this.db.clock.observe(rows[0].now);
    // Oldest first: where two workers have the same provider or assistant, the one that published last wins.
    const oldestFirst = catalogues.toReversed();
    const now = rows[0].now.getTime();
    return {
      ...newest,
      providers: newestOf(
        oldestFirst.flatMap((entry) => entry.providers),
        ({ id }) => id,
      ),
      assistants: newestOf(
        oldestFirst.flatMap((entry) => entry.assistants),
        ({ id }) => id,
      ),
      modelNames: [...new Set(oldestFirst.flatMap((entry) => entry.modelNames))],
      publicModels: newestOf(
        oldestFirst.flatMap((entry) => entry.publicModels),
        ({ name }) => name,
      ),
      anyModel: catalogues.some((entry) => entry.anyModel),
      openBreakers: stillOpen(
        catalogues.flatMap((entry) => entry.openBreakers),
        rows[0].now,
      ),
      limits: newestOf(
        oldestFirst.flatMap((entry) => entry.limits),
        ({ key }) => key,
      ),
      refusedFeatures: newestOf(
        oldestFirst.flatMap((entry) => entry.refusedFeatures).filter(({ until }) => Date.parse(until) > now),
        ({ provider, model, feature }) => `${provider}/${model} ${feature}`,
      ),
    };
  }
}

/** Each breaker once, if any worker has seen it open: not all of them have. */
function stillOpen(breakers: readonly PublishedBreaker[], now: Date): PublishedBreaker[] {
  const open = breakers.filter(({ openUntil }) => Date.parse(openUntil) > now.getTime());
  const shortestFirst = open.toSorted((a, b) => (a.openUntil < b.openUntil ? -1 : 1));
  return newestOf(shortestFirst, ({ provider, model }) => `${provider}/${model}`);
}

/**
 * One entry for each key, from the newest; fields that it lacks (an older worker's, a list that failed) are filled in from
 * older ones.
 */
function newestOf<Entry extends object>(oldestFirst: readonly Entry[], keyOf: (entry: Entry) => string): Entry[] {
  const found = new Map<string, Entry>();
  for (const entry of oldestFirst) found.set(keyOf(entry), { ...found.get(keyOf(entry)), ...entry });
  return [...found.values()];
}
