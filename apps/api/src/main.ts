import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import {
  AttachmentFiles,
  boot,
  closeConnections,
  createLogger,
  isSupervised,
  Database,
  type Logger,
  Metrics,
  NestLogger,
  onStop,
  reportReady,
  reportStopping,
  startTracing,
  stopTracing,
  stopWait,
  UserReferences,
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
import { isLocalRequest } from './http/is-local-request.js';
import { WorkerWatch } from './models/worker-watch.js';
import { keepStrangersOut } from './http/keep-strangers-out.js';
import { measureRequests } from './monitoring/measure-requests.js';
import { MetricsServer } from './monitoring/metrics-server.js';
import { limitAddresses } from './rates/limit-addresses.js';
import { limitCallers } from './rates/limit-callers.js';
import { RequestRates } from './rates/request-rates.js';

/** How long closing everything may take, once the grace period of the open streams is over. */
const CLOSE_WITHIN_MS = 5_000;

const OPEN = 'everybody who reaches this server reads and writes all conversations (AUTH_ALLOW_OPEN)';

await boot('api', async () => {
  const config = loadConfig();
  const logger = createLogger({ name: 'api', ...config.log });
  // `npm start` has said them, for both processes at once.
  if (!isSupervised) for (const warning of config.warnings) logger.warn(warning);
  if (config.tracing) await startTracing('api', logger);
  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule.register(config, logger),
    createAdapter(logger, config),
    { logger: new NestLogger(logger), abortOnError: false, bodyParser: false },
  );
  const errors = app.get(HttpErrorFilter);
  const refuse: HttpErrorFilter['send'] = (error, request, reply) => errors.send(error, request, reply);
  const fastify = app.getHttpAdapter().getInstance();
  measureRequests(fastify, app.get(Metrics));
  limitAddresses(fastify, app.get(RequestRates), refuse);
  keepStrangersOut(app, config, logger, refuse);
  // After CORS, so that a page may read why it was refused.
  await app.register(
    authentication({
      authenticator: app.get(Authenticator, { strict: false }),
      errors,
      isLocal: isLocalRequest(config),
      asksForToken: config.adminToken !== undefined,
    }),
  );
  limitCallers(fastify, app.get(RequestRates), refuse);
  auditAdministration(fastify, {
    db: app.get(Database),
    references: app.get(UserReferences, { strict: false }),
    proxies: config.auth.trustedProxies,
    refuse,
  });
  await app.get(AttachmentFiles, { strict: false }).check();
  await app.get(RunCopies).start();
  await app.get(AssistantCalls).start();
  await app.get(MetricsServer, { strict: false }).start();
  await app.listen(config.port, config.host);
  app.get(WorkerWatch, { strict: false }).start();
  onStop((reason) => {
    const wait = stopWait(app.get(OpenStreams).count, 'open stream', config.graceMs);
    if (wait) reportStopping(wait);
    logger.info({ reason, ...wait, ...(wait && { hint: 'a second signal ends it at once' }) }, 'API stops');
    void stop(app, config.graceMs, logger).finally(() => process.exit());
  }, config.graceMs + CLOSE_WITHIN_MS);
  if (config.publicUrl !== undefined) void probeForBuffering(config.publicUrl, logger);
  if (config.openAt !== undefined) logger.warn({ address: config.openAt }, OPEN);
  const url = await app.getUrl();
  logger.info({ url }, 'API ready');
  reportReady({ type: 'ready', url, metricsUrl: app.get(MetricsServer, { strict: false }).url });
});

/** Nothing new is accepted; streams may end by themselves within the grace period; turns continue in the workers. */
async function stop(app: NestFastifyApplication, graceMs: number, logger: Logger): Promise<void> {
  try {
    app.getHttpServer().close();
    app.get(WorkerWatch, { strict: false }).stop();
    await app.get(OpenStreams).stop(graceMs);
    await app.get(RunCopies).stop();
    await app.get(AssistantCalls).stop();
    await app.get(MetricsServer, { strict: false }).stop();
    await closeConnections(app);
    await stopTracing();
    logger.info('API stopped');
  } catch (error) {
    logger.error({ err: error }, 'API did not stop cleanly');
    process.exitCode = 1;
  }
}
