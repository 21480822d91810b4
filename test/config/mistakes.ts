/** A mistake as somebody makes it: variables, lines of the config file, or both. */
export interface Mistake {
  readonly mistake: string;
  readonly variables?: Readonly<Record<string, string>>;
  readonly file?: string;
  /** Files in the folder of the config file. */
  readonly beside?: readonly string[];
}

const KEY = { OPENAI_API_KEY: 'sk-1' };

/** In the order of docs/configuration-mistakes.md, which is made of it. */
export const MISTAKES: readonly Mistake[] = [
  { mistake: 'a port that is none', variables: { PORT: 'eighty' } },
  { mistake: 'the port of the API for the metrics', variables: { PORT: '8080', METRICS_PORT: '8080' } },
  { mistake: 'a database of another kind', variables: { DATABASE_URL: 'mysql://db/x' } },
  { mistake: 'an address of Redis without a scheme', variables: { REDIS_URL: 'localhost:6379' } },
  { mistake: 'a setting of Redis that does not exist', variables: { REDIS_HOST: 'cache' } },
  { mistake: 'a log level that does not exist', variables: { LOG_LEVEL: 'loud' } },
  { mistake: 'no answers at once', variables: { WORKER_CONCURRENCY: '0' } },
  { mistake: 'a short administrator’s token', variables: { ADMIN_TOKEN: 'short' } },
  { mistake: 'a short secret', variables: { SECRETS_KEY: 'short' } },
  { mistake: 'open to everybody who reaches it', variables: { HOST: '0.0.0.0' } },
  { mistake: 'a slip in a name of authentication', variables: { AUTH_MOD: 'jwt' } },
  { mistake: 'tokens without a key', variables: { AUTH_MODE: 'jwt' } },
  { mistake: 'a header without its mode', variables: { AUTH_USER_HEADER: 'X-User' } },
  {
    mistake: 'a bucket without its secret key',
    variables: { S3_BUCKET: 'files', S3_REGION: 'eu-west-1', S3_ACCESS_KEY_ID: 'AKIA' },
  },
  { mistake: 'an origin with a path', variables: { CORS_ORIGINS: 'https://a.example/app' } },
  { mistake: 'a proxy without a scheme', variables: { HTTPS_PROXY: 'proxy:3128' } },
  { mistake: 'an address of a provider that is none', variables: { OPENAI_BASE_URL: 'localhost' } },
  { mistake: 'text that is no YAML', file: 'models: { fast: openai/x' },
  { mistake: 'a star without quotes', file: 'providers:\n  - { kind: demo }\nmodels: { fast: *fast }' },
  { mistake: 'two documents', file: 'titles: false\n---\ntitles: false' },
  { mistake: 'a key twice', file: 'doubleTexting: reject\ndoubleTexting: reject' },
  { mistake: 'a variable that is not set', file: 'titles:\n  model: ${TITLE_MODEL}' },
  {
    mistake: 'a reference with a space',
    file: "providers:\n  - { kind: openai, apiKey: '${OPENAI KEY}' }",
  },
  { mistake: 'a slip in a key', file: 'asistants: []' },
  { mistake: 'a key that nothing is like', file: 'plugins: []' },
  { mistake: 'a slip in a key of an assistant', file: 'assistants:\n  - { id: support, histroyItems: 5 }' },
  { mistake: 'text where a number belongs', file: 'assistants:\n  - { id: support, historyItems: many }' },
  { mistake: 'a number that is too large', file: 'assistants:\n  - { id: support, historyItems: 5000 }' },
  { mistake: 'an assistant without an id', file: 'assistants:\n  - { instructions: Be short. }' },
  { mistake: 'an id twice', file: 'assistants:\n  - { id: support }\n  - { id: support }' },
  { mistake: 'an id with a space', file: 'assistants:\n  - { id: my support }' },
  { mistake: 'a group where a list belongs', file: 'assistants: { id: support }' },
  {
    mistake: 'a default assistant that does not exist',
    file: 'assistants: [{ id: support }]\ndefaults: { assistant: suport }',
  },
  { mistake: 'a policy that does not exist', file: 'doubleTexting: enque' },
  { mistake: 'a heartbeat of no time', file: 'heartbeat: { seconds: 0 }' },
  { mistake: 'a quota below one run', file: 'quotas: { perUser: { tokensPerDay: 100 } }' },
  { mistake: 'a kind of provider that does not exist', file: 'providers:\n  - { kind: opanai }' },
  { mistake: 'a provider twice', file: 'providers:\n  - { kind: openai, apiKey: a }\n  - { kind: openai, apiKey: b }' },
  { mistake: 'a slip in an entry of a provider', variables: KEY, file: 'providers:\n  - { kind: openai, limts: {} }' },
  { mistake: 'two kinds of keys', file: 'providers:\n  - { kind: openai, apiKey: a, apiKeys: [b] }' },
  {
    mistake: 'a public name for a provider that is not configured',
    variables: KEY,
    file: 'models: { local: ollama/llama3.2 }',
  },
  {
    mistake: 'a fallback with a slip',
    variables: KEY,
    file: 'models:\n  fast:\n    model: openai/gpt-5.4-mini\n    fallback: [opneai/gpt-5.4]',
  },
  {
    mistake: 'a model that is its own fallback',
    variables: KEY,
    file: 'models:\n  fast:\n    model: openai/gpt-5.4-mini\n    fallback: [fast]',
  },
  {
    mistake: 'a public name that stands for another one',
    variables: KEY,
    file: 'models: { fast: openai/gpt-5.4-mini, quick: fast }',
  },
  {
    mistake: 'a default model with a slip',
    variables: KEY,
    file: 'models: { fast: openai/gpt-5.4-mini }\ndefaults: { model: fsat }',
  },
  { mistake: 'titles by a model that nobody has', variables: KEY, file: 'titles: { model: gpt-5.4-mini }' },
  { mistake: 'transcription by a provider alone', variables: KEY, file: 'transcription: { model: openai }' },
  {
    mistake: 'an assistant’s model with a slip',
    variables: KEY,
    file: 'models: { fast: openai/gpt-5.4-mini }\nassistants:\n  - { id: support, model: fats }',
  },
  {
    mistake: 'a model that the provider does not list',
    file: 'providers:\n  - { kind: openai, apiKey: k, models: [gpt-5.4], defaultModel: gpt-5.4, onlyListed: true }\ndefaults: { model: openai/gpt-5.5 }',
  },
  {
    mistake: 'a price of a model that is not listed',
    file: 'providers:\n  - kind: openai\n    apiKey: k\n    models: [gpt-5.4]\n    defaultModel: gpt-5.4\n    onlyListed: true\n    prices: { gpt-54: { input: 1, output: 2 } }',
  },
  {
    mistake: 'a slip in the name of an assistant’s module',
    file: 'assistants:\n  - { id: support, module: ./suport.mjs }',
    beside: ['support.mjs', 'sales.mjs'],
  },
  {
    mistake: 'a provider’s module that is not there',
    file: 'providers:\n  - { id: own, module: providers/own.js }',
  },
  { mistake: 'hooks with another ending', file: 'hooks: hooks.js', beside: ['hooks.mjs'] },
  {
    mistake: 'a module of authentication that is not there',
    file: 'auth: { mode: module, module: ./who.js }',
    beside: ['hooks.mjs'],
  },
  { mistake: 'a deadline with a slip', file: 'deadlines: { firstTokenMS: 5000 }' },
];
