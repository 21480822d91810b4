import { NestFactory } from '@nestjs/core';
import { boot, closeConnections, createLogger, NestLogger, onStop, reportReady } from '#runtime';
import { loadAssistants } from './assistants/load-assistants.js';
import { loadConfig } from './config.js';
import { loadHooks } from './hooks/load-hooks.js';
import { missingKeys } from '#providers';
import { loadProviders } from './providers/load-providers.js';
import { WorkerSettings } from './worker-settings.js';
import { WorkerModule } from './worker.module.js';
import { CLOSE_WITHIN_MS, WorkerProcess } from './worker-process.js';

await boot(async () => {
  const config = loadConfig();
  const logger = createLogger({ name: 'worker', ...config.log });
  // An assistant's code may leave a promise unhandled, even one of the server's: a rejection must not end all other answers.
  process.on('unhandledRejection', (error) => logger.warn({ err: error }, 'an unhandled promise rejection'));
  const assistants = await loadAssistants(config.file);
  const [providers, hooks] = await Promise.all([loadProviders(config.providers, config), loadHooks(config.file.hooks)]);
  const loaded = { assistants, providers, hooks };
  const app = await NestFactory.createApplicationContext(WorkerModule.register(config, loaded, logger), {
    logger: new NestLogger(logger),
    abortOnError: false,
  });
  const worker = app.get(WorkerProcess);
  await worker.start();
  onStop((reason) => {
    logger.info({ reason }, 'worker stops');
    worker
      .stop()
      .then(() => closeConnections(app))
      .then(
        () => process.exit(0),
        (error: Error) => {
          logger.error({ err: error }, 'worker did not stop cleanly');
          process.exit(1);
        },
      );
  }, config.graceMs + CLOSE_WITHIN_MS);
  const kinds = config.providers.map((provider) => provider.kind);
  const names = assistants.all().map(({ id }) => id);
  for (const problem of missingKeys(config.providers, providers)) logger.warn(problem);
  logger.info(
    {
      workerId: app.get(WorkerSettings).workerId,
      providers: kinds,
      assistants: names,
      concurrency: config.concurrency,
    },
    'worker ready',
  );
  reportReady({ type: 'ready', providers: kinds, defaultModel: worker.defaultModel });
});
