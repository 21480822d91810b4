# The images of ChatKit Relay (docs/deploy.md):
#   docker build -t chatkit-relay .                              both roles: the API (its default command) and the worker
#   docker build -t chatkit-relay-migrate --target migrate .     what brings a database up to date, and ends
#   docker run … chatkit-relay                                   the API
#   docker run … chatkit-relay node dist/apps/worker/src/main.js a worker
# test/deploy/image.test.ts reads this file and runs its commands, in order, on plain folders.

# Node.js on a Debian of your choice, with bash: node:24-slim, or a copy of it in a registry of your own.
ARG NODE_IMAGE=node:24-bookworm-slim

# ── All packages, the compiler included. This stage and the next two are of this machine's own processor: for an image of another
# one nothing has to be emulated ──
FROM --platform=${BUILDPLATFORM} ${NODE_IMAGE} AS packages
WORKDIR /app
ENV CHECKPOINT_DISABLE=1
# The manifests alone first: while they stay the same, the installed packages come out of the layer cache.
COPY package.json package-lock.json ./
RUN npm ci --include=dev --no-audit --no-fund

FROM packages AS build
COPY . .
# Of the result, only what runs: types are for authors, and tools and tests for the checkout.
RUN npm run build && rm -rf dist/tools dist/test dist/client && find dist -name '*.d.ts' -delete

# ── What the two images need of the packages, without what they never load ──
FROM packages AS dependencies
# Of the image: BuildKit sets it, unless a default is given here.
ARG TARGETARCH
COPY tools/image ./tools/image
RUN cpu=$(node tools/image/cpu.mjs) && if [ "$cpu" ]; then npm ci --omit=dev --no-audit --no-fund --cpu="$cpu"; fi && \
    node tools/image/collect.mjs runtime runtime && node tools/image/collect.mjs migrate migrate && \
    mkdir volumes && mkdir -m 1777 volumes/data

# ── What both have ──
FROM ${NODE_IMAGE} AS base
WORKDIR /app
ENV NODE_ENV=production CHECKPOINT_DISABLE=1 PRISMA_HIDE_UPDATE_MESSAGE=1
# package.json names our libraries; the names of the migrations tell whether a database is up to date.
COPY package.json LICENSE ./
COPY prisma ./prisma
ARG VERSION=0.0.0-local
ARG REVISION=unknown
ARG CREATED=1970-01-01T00:00:00Z
LABEL org.opencontainers.image.title="ChatKit Relay" org.opencontainers.image.licenses="Apache-2.0" org.opencontainers.image.version="${VERSION}" org.opencontainers.image.revision="${REVISION}" org.opencontainers.image.created="${CREATED}"
# Nothing here belongs to this user, and any other will do: the processes write to no file but uploaded ones. A number, so
# that an orchestrator sees that it is not root.
USER 1000:1000

FROM base AS migrate
COPY --from=dependencies /app/migrate/node_modules ./node_modules
COPY prisma.config.ts ./
COPY tools/prisma-schema-engine.mjs ./tools/
COPY tools/setup/engine-secrets.mjs tools/setup/setup-error.mjs ./tools/setup/
COPY tools/schema-engine ./tools/schema-engine
HEALTHCHECK NONE
CMD ["node", "node_modules/prisma/build/index.js", "migrate", "deploy"]

FROM base
# HOST: a container's own loopback is nobody's; what may reach it is decided where its port is published. The health port of
# a worker is for the check below alone, unless WORKER_HEALTH_HOST says otherwise.
ENV HOST=0.0.0.0 PORT=8000 DATA_DIR=/app/data WORKER_HEALTH_PORT=9465
COPY --from=dependencies /app/runtime/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY tools/image/health.sh ./tools/image/
# Where the API keeps uploaded files; an empty volume that is mounted here takes over the rights.
COPY --from=dependencies /app/volumes ./
EXPOSE 8000
# Alive, not ready: a container must not be replaced because the database is away.
HEALTHCHECK --interval=5s --timeout=3s --start-period=120s --retries=3 CMD ["bash", "tools/image/health.sh"]
# Started directly, not through npm, so that the process itself gets the signal to stop and ends its streams well.
CMD ["node", "dist/apps/api/src/main.js"]
