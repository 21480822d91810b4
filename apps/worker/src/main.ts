import { NestFactory } from '@nestjs/core';
import {
  boot,
  closeConnections,
  createLogger,
  isSupervised,
  NestLogger,
  onStop,
  reportReady,
  reportStopping,
  startTracing,
  stopTracing,
  stopWait,
} from '#runtime';
import { loadConfig } from './config.js';
import { loadModules } from './load-modules.js';
import { missingKeys } from '#providers';
import { WorkerSettings } from './worker-settings.js';
import { WorkerModule } from './worker.module.js';
import { CLOSE_WITHIN_MS, WorkerProcess } from './worker-process.js';

await boot('worker', async () => {
  const config = loadConfig();
  const logger = createLogger({ name: 'worker', ...config.log });
  // `npm start` has said them, for both processes at once.
  if (!isSupervised) for (const warning of config.warnings) logger.warn(warning);
  if (config.tracing) await startTracing('worker', logger);
  // An assistant's code may leave a promise unhandled, even one of the server's: a rejection must not end all other answers.
  process.on('unhandledRejection', (error) => logger.warn({ err: error }, 'an unhandled promise rejection'));
  const loaded = await loadModules(config);
  const app = await NestFactory.createApplicationContext(WorkerModule.register(config, loaded, logger), {
    logger: new NestLogger(logger),
    abortOnError: false,
  });
  const worker = app.get(WorkerProcess);
  await worker.start();
  onStop((reason) => {
    const wait = stopWait(worker.underWay, 'answer', config.graceMs);
    if (wait) reportStopping(wait);
    logger.info({ reason, ...wait, ...(wait && { hint: 'a second signal ends it at once' }) }, 'worker stops');
    worker
      .stop()
      .then(() => closeConnections(app))
      .then(() => stopTracing())
      .then(
        () => process.exit(0),
        (error: Error) => {
          logger.error({ err: error }, 'worker did not stop cleanly');
          process.exit(1);
        },
      );
  }, config.graceMs + CLOSE_WITHIN_MS);
  const kinds = config.providers.map((provider) => provider.kind);
  const names = loaded.assistants.all().map(({ id }) => id);
  for (const problem of missingKeys(config.providers, loaded.providers)) logger.warn(problem);
  logger.info(
    {
      workerId: app.get(WorkerSettings).workerId,
      providers: kinds,
      assistants: names,
      concurrency: config.concurrency,
    },
    'worker ready',
  );
  reportReady({ type: 'ready', providers: kinds, defaultModel: worker.defaultModel, healthUrl: worker.healthUrl });
});
