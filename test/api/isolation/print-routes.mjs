// Prints every route of the built API as JSON: [method, pattern, who may use it]. Environment: that of an API.
import { NestFactory } from '@nestjs/core';
import { createLogger } from '#runtime';
import { AppModule } from '../../../dist/apps/api/src/app.module.js';
import { loadConfig } from '../../../dist/apps/api/src/config.js';
import { createAdapter } from '../../../dist/apps/api/src/http/create-adapter.js';

const config = loadConfig();
const logger = createLogger({ name: 'api', level: 'silent', pretty: false, secrets: [] });
const adapter = createAdapter(logger, config);
const routes = [];
adapter.getInstance().addHook('onRoute', (route) => void routes.push(route));
const options = { logger: false, bodyParser: false, abortOnError: false };
const app = await NestFactory.create(AppModule.register(config, logger), adapter, options);
await app.init();
await adapter.getInstance().ready();
const printed = routes.flatMap(({ method, url, config: { access = 'chat' } = {} }) =>
  [method].flat().map((one) => [one, url, access]),
);
process.stdout.write(JSON.stringify(printed), () => process.exit());
