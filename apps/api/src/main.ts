import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import {
  AttachmentFiles,
  boot,
  closeConnections,
  createLogger,
  Database,
  type Logger,
  NestLogger,
  onStop,
  reportReady,
} from '#runtime';
import { AssistantCalls, RunCopies } from '#runtime/api';
import { auditAdministration } from './admin/audit.js';
import { AppModule } from './app.module.js';
import { authentication } from './auth/authentication.js';
import { Authenticator } from './auth/authenticator.js';
import { OpenStreams } from './streams/open-streams.js';
import { loadConfig } from './config.js';
import { probeForBuffering } from './health/buffering-probe.js';
import { HttpErrorFilter } from './errors/http-error.filter.js';
import { createAdapter } from './http/create-adapter.js';
import { keepStrangersOut } from './http/keep-strangers-out.js';
import { limitAddresses } from './rates/limit-addresses.js';
import { limitCallers } from './rates/limit-callers.js';
import { RequestRates } from './rates/request-rates.js';

/** How long closing everything may take, once the grace period of the open streams is over. */
const CLOSE_WITHIN_MS = 5_000;

const OPEN = 'everybody who reaches this server reads and writes all conversations (AUTH_ALLOW_OPEN)';

await boot(async () => {
  const config = loadConfig();
  const logger = createLogger({ name: 'api', ...config.log });
  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule.register(config, logger),
    createAdapter(logger, config),
    { logger: new NestLogger(logger), abortOnError: false, bodyParser: false },
  );
  const errors = app.get(HttpErrorFilter);
  const refuse: HttpErrorFilter['send'] = (error, request, reply) => errors.send(error, request, reply);
  const fastify = app.getHttpAdapter().getInstance();
  limitAddresses(fastify, app.get(RequestRates), refuse);
  keepStrangersOut(app, config, logger, refuse);
  // After CORS, so that a page may read why it was refused.
  await app.register(
    authentication({
      authenticator: app.get(Authenticator, { strict: false }),
      errors,
      asksForToken: config.adminToken !== undefined,
    }),
  );
  limitCallers(fastify, app.get(RequestRates), refuse);
  auditAdministration(fastify, { db: app.get(Database), proxies: config.auth.trustedProxies, refuse });
  await app.get(AttachmentFiles, { strict: false }).check();
  await app.get(RunCopies).start();
  await app.get(AssistantCalls).start();
  await app.listen(config.port, config.host);
  onStop((reason) => {
    logger.info({ reason }, 'API stops');
    void stop(app, config.graceMs, logger).finally(() => process.exit());
  }, config.graceMs + CLOSE_WITHIN_MS);
  if (config.publicUrl !== undefined) void probeForBuffering(config.publicUrl, logger);
  if (config.openAt !== undefined) logger.warn({ address: config.openAt }, OPEN);
  const url = await app.getUrl();
  logger.info({ url }, 'API ready');
  reportReady({ type: 'ready', url });
});

/** Nothing new is accepted; streams may end by themselves within the grace period; turns continue in the workers. */
async function stop(app: NestFastifyApplication, graceMs: number, logger: Logger): Promise<void> {
  try {
    app.getHttpServer().close();
    await app.get(OpenStreams).stop(graceMs);
    await app.get(RunCopies).stop();
    await app.get(AssistantCalls).stop();
    await closeConnections(app);
    logger.info('API stopped');
  } catch (error) {
    logger.error({ err: error }, 'API did not stop cleanly');
    process.exitCode = 1;
  }
}
