# One image for web, worker and migrations; docker-compose.yml says which it runs.
FROM node:20-bookworm-slim AS base
ENV NEXT_TELEMETRY_DISABLED=1 TURBO_TELEMETRY_DISABLED=1
WORKDIR /app

# What web and worker need of the monorepo: manifests apart from sources, so that installing is cached.
FROM base AS pruned
COPY . .
RUN npx --yes turbo@2.11.9 prune @lockstep/web @lockstep/worker --docker

FROM base AS installed
COPY --from=pruned /app/out/json/ .
RUN npm ci --no-audit --no-fund

FROM installed AS built
COPY --from=pruned /app/out/full/ .
COPY tsconfig.base.json prisma.config.ts ./
COPY prisma ./prisma
# `generate` needs no schema engine; naming any program keeps the CLI from downloading one.
RUN PRISMA_SCHEMA_ENGINE_BINARY=/bin/true npx prisma generate --no-hints \
  && npm run build -w @lockstep/web

FROM base AS production
COPY --from=pruned /app/out/json/ .
RUN npm ci --no-audit --no-fund --omit=dev && npm cache clean --force

FROM base AS run
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 DATA_DIR=/data
RUN mkdir /data && chown node:node /data
COPY --from=production --chown=node:node /app ./
COPY --from=built --chown=node:node /app/apps ./apps
COPY --from=built --chown=node:node /app/packages ./packages
COPY --from=production --chown=node:node /app/apps/web/node_modules ./apps/web/node_modules
COPY --from=built --chown=node:node /app/prisma ./prisma
COPY --chown=node:node tsconfig.base.json ./
COPY --chown=node:node scripts/migrate.ts ./scripts/
COPY --chown=node:node scripts/lib ./scripts/lib
USER node
VOLUME /data
EXPOSE 3000
# Signals reach Node itself: no npm in between.
CMD ["node", "--import", "tsx", "apps/web/server/main.ts"]
