import { describe, expect, it } from 'vitest';
import { VARIABLES } from '../environment/registry.js';
import { unknownVariables } from './unknown-variables.js';

const ofProviders = ['OPENAI_API_KEY', 'OPENAI_BASE_URL', 'CO_API_KEY', 'GROQ_API_KEY', 'HF_TOKEN', 'OLLAMA_MODEL'];
const found = (env: Record<string, string>, inserted: string[] = []) =>
  unknownVariables(env, { ofProviders, inserted: new Set(inserted) });
const warned = (env: Record<string, string>, inserted: string[] = []): string[] => {
  const { problems, warnings } = found(env, inserted);
  return [...problems, ...warnings];
};

const namesOf = (words: readonly string[]) => words.map((each) => each.split(':')[0]);

/** Names in a text, each with some value. */
const named = (names: string): Record<string, string> =>
  Object.fromEntries(
    names
      .trim()
      .split(/\s+/)
      .map((name) => [name, 'x']),
  );

/** As `env` prints them there: a shell of Debian, an image of Node, a runner of GitHub, a container of Kubernetes. */
const OF_OTHERS = {
  'a shell of Debian': named(`
    SHELL PWD LOGNAME HOME LANG LS_COLORS TERM USER SHLVL PATH MAIL HOSTNAME XDG_SESSION_ID XDG_RUNTIME_DIR
    XDG_DATA_DIRS DBUS_SESSION_BUS_ADDRESS SSH_CONNECTION SSH_TTY EDITOR LESSOPEN DEBIAN_FRONTEND HTTP_PROXY
    no_proxy all_proxy ftp_proxy FTP_PROXY npm_config_cache npm_lifecycle_event npm_package_name INIT_CWD NODE
    NODE_OPTIONS NODE_PATH
  `),
  'containers and their images': named(`
    NODE_VERSION YARN_VERSION PGDATA PG_MAJOR PG_VERSION PGHOST PGUSER PGPASSWORD PGPORT POSTGRES_USER
    POSTGRES_DB POSTGRES_HOST GOSU_VERSION DOCKER_HOST DOCKER_CONFIG COMPOSE_FILE COMPOSE_PROJECT_NAME
    MYSQL_ROOT_PASSWORD CELERY_BROKER_URL DJANGO_SETTINGS_MODULE PYTHONPATH
  `),
  'a runner of GitHub Actions': named(`
    CI GITHUB_ACTIONS GITHUB_RUN_ID GITHUB_TOKEN GITHUB_API_URL GITHUB_BASE_REF RUNNER_OS RUNNER_TEMP
    RUNNER_WORKSPACE ACTIONS_RUNTIME_TOKEN ACTIONS_CACHE_URL ImageOS JAVA_HOME_17_X64 ANDROID_HOME
    CHROMEWEBDRIVER GOROOT_1_22_X64 POWERSHELL_DISTRIBUTION_CHANNEL HOMEBREW_NO_AUTO_UPDATE
    AGENT_TOOLSDIRECTORY STATS_KEEPALIVE VCPKG_INSTALLATION_ROOT SELENIUM_JAR_PATH RUN_DISPLAY_URL
  `),
  'clouds and other programs with models': named(`
    AWS_PROFILE AWS_ACCESS_KEY_ID AWS_DEFAULT_REGION AZURE_CLIENT_ID GOOGLE_APPLICATION_CREDENTIALS
    OPENAI_ORG_ID OPENAI_API_BASE OPENAI_PROJECT_ID GH_TOKEN GO_API_KEY DO_API_KEY GROK_API_KEY HF_HOME
    OLLAMA_HOST OLLAMA_MODELS OLLAMA_KEEP_ALIVE LANGCHAIN_API_KEY OTEL_LOG_LEVEL OTEL_EXPORTER_OTLP_PROTOCOL
    OTEL_EXPORTER_OTLP_METRICS_ENDPOINT OTEL_METRICS_EXPORTER SENTRY_DSN
  `),
  'services of Kubernetes': {
    KUBERNETES_SERVICE_HOST: '10.96.0.1',
    KUBERNETES_PORT: 'tcp://10.96.0.1:443',
    REDIS_SERVICE_HOST: '10.96.0.2',
    REDIS_SERVICE_PORT: '6379',
    REDIS_SERVICE_PORT_TCP_REDIS: '6379',
    REDIS_PORT: 'tcp://10.96.0.2:6379',
    REDIS_PORT_6379_TCP: 'tcp://10.96.0.2:6379',
    REDIS_PORT_6379_TCP_PROTO: 'tcp',
    REDIS_PORT_6379_TCP_PORT: '6379',
    REDIS_PORT_6379_TCP_ADDR: '10.96.0.2',
    REDIS_MASTER_SERVICE_HOST: '10.96.0.3',
    DATABASE_PORT_5432_TCP: 'tcp://10.96.0.4:5432',
    DATABASE_SERVICE_PORT_POSTGRES: '5432',
    CHATKIT_RELAY_SERVICE_HOST: '10.96.0.5',
    CHATKIT_RELAY_PORT: 'tcp://10.96.0.5:8000',
    WORKER_PORT: 'udp://10.96.0.6:1',
    METRICS_PORT: 'tcp://10.96.0.7:9464',
    S3_PORT_9000_TCP_ADDR: '10.96.0.8',
    AUTH_PORT: 'tcp://10.96.0.9:80',
  },
  'linked containers of Docker': {
    REDIS_NAME: '/web/redis',
    REDIS_ENV_REDIS_VERSION: '7.4.1',
    DATABASE_NAME: '/web/database',
    DATABASE_ENV_PG_MAJOR: '18',
  },
};

describe('variables that nothing reads', () => {
  it.each(Object.entries(OF_OTHERS))('those of %s are left alone', (_, env) => expect(warned(env)).toEqual([]));

  it('neither are our own, whoever reads them, nor empty ones, nor those that the config file inserts', () => {
    expect(warned(named([...Object.keys(VARIABLES), ...ofProviders, 'https_proxy'].join(' ')))).toEqual([]);
    expect(warned({ REDIS_ULR: '' })).toEqual([]);
    expect(warned(named('S3_KEY_OF_MINE REDIS_HOST'), ['S3_KEY_OF_MINE'])).toHaveLength(1);
  });

  it('neither are files with secrets of ours', () => {
    expect(warned(named('DATABASE_URL_FILE ADMIN_TOKEN_FILE S3_SECRET_ACCESS_KEY_FILE'))).toEqual([]);
    expect(warned(named('S3_REGION_FILE'))).toHaveLength(1);
  });

  it.each([
    ['REDIS_ULR', 'REDIS_URL'],
    ['DATABASE_URI', 'DATABASE_URL'],
    ['S3_BUCKETS', 'S3_BUCKET'],
    ['CHATKIT_CONFG', 'CHATKIT_CONFIG'],
    ['WORKER_CONCURENCY', 'WORKER_CONCURRENCY'],
    ['redis_url', 'REDIS_URL'],
    ['LOGLEVEL', 'LOG_LEVEL'],
    ['PUBLIC_ULR', 'PUBLIC_URL'],
    ['SECRET_KEY', 'SECRETS_KEY'],
    ['CORS_ORIGIN', 'CORS_ORIGINS'],
    ['OPENAI_APIKEY', 'OPENAI_API_KEY'],
    ['OPNEAI_API_KEY', 'OPENAI_API_KEY'],
    ['GROQ_APIKEY', 'GROQ_API_KEY'],
    ['OPENAI_KEY', 'OPENAI_API_KEY'],
    ['OPENAI_URL', 'OPENAI_BASE_URL'],
    ['GROQ_KEY', 'GROQ_API_KEY'],
  ])('%s is told, and %s', (name, meant) => {
    expect(warned(named(name))).toEqual([`${name}: nothing reads this variable; did you mean "${meant}"?`]);
  });

  it('stops the start where an engine is meant, and warns of the others', () => {
    const env = named('REDIS_HOST REDIS_CLUSTER DATABASE_HOST redis_url S3_BUKET WORKER_COUNT');
    expect(namesOf(found(env).problems)).toEqual(['REDIS_HOST', 'REDIS_CLUSTER', 'DATABASE_HOST', 'redis_url']);
    expect(namesOf(found(env).warnings)).toEqual(['S3_BUKET', 'WORKER_COUNT']);
    expect(found(OF_OTHERS['services of Kubernetes']).problems).toEqual([]);
    expect(found(named('REDIS_HOST'), ['REDIS_HOST']).problems).toEqual([]);
  });

  it('tells what there is where nothing is like it, and never a value', () => {
    const [said] = warned({ WORKER_SECRET_SAUCE: 'hunter2-hunter2' });
    expect(said).toMatch(
      /^WORKER_SECRET_SAUCE: nothing reads this variable; those of its kind are WORKER_CONCURRENCY, /,
    );
    expect(said).not.toContain('hunter2');
  });
});
