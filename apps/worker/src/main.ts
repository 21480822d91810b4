import { NestFactory } from '@nestjs/core';
import { boot, createLogger, NestLogger, onStop, reportReady } from '#runtime';
import { loadConfig } from './config.js';
import { WorkerModule } from './worker.module.js';
import { WorkerProcess } from './worker-process.js';

await boot(async () => {
  const config = loadConfig();
  const logger = createLogger({ name: 'worker', ...config.log });
  const app = await NestFactory.createApplicationContext(WorkerModule.register(config, logger), {
    logger: new NestLogger(logger),
    abortOnError: false,
  });
  const worker = app.get(WorkerProcess);
  await worker.start();
  onStop((reason) => {
    logger.info({ reason }, 'worker stops');
    worker
      .stop()
      .then(() => app.close())
      .then(
        () => process.exit(0),
        (error: Error) => {
          logger.error({ err: error }, 'worker did not stop cleanly');
          process.exit(1);
        },
      );
  });
  const providers = config.providers.map((provider) => provider.kind);
  logger.info({ workerId: worker.id, providers, concurrency: config.concurrency }, 'worker ready');
  reportReady({ type: 'ready', providers, defaultModel: worker.defaultModel });
});
