# One image for web, worker and migrations; docker-compose.yml says which of them it runs.
FROM node:20-bookworm-slim AS base
WORKDIR /app

FROM base AS built
COPY . .
RUN --mount=type=cache,target=/root/.npm npm ci --no-audit --no-fund
RUN node scripts/build.mjs && node scripts/image.mjs /image

FROM base AS run
# MALLOC_…: as scripts/lib/children.ts sets them, for less memory.
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 DATA_DIR=/data
ENV MALLOC_ARENA_MAX=2 MALLOC_TRIM_THRESHOLD_=131072
RUN mkdir /data && chown node:node /data
COPY --from=built /image ./
USER node
VOLUME /data
EXPOSE 3000
# Signals reach Node itself: no npm in between. Beside it: dist/worker.mjs, migrate.mjs, admin.mjs, search.mjs.
CMD ["node", "dist/web.mjs"]
