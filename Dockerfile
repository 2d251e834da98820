# Lookmark on a machine of your own: the same Worker, run by the same workerd, with its state on a volume.
#
#   docker build -t lookmark .
#   docker run -p 8787:8787 -v lookmark:/state -e ADMIN_TOKEN=$(openssl rand -hex 24) lookmark
#
# docs/operations.md says more. Debian, because workerd needs glibc.
FROM node:22-bookworm-slim

WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund && npm cache clean --force

COPY wrangler.toml tsconfig.json LICENSE ./
COPY shared shared
COPY worker worker
COPY miniprogram/scanner miniprogram/scanner
COPY webar webar
COPY scripts scripts
RUN npm run build && mkdir /state .wrangler && chown node:node /state .wrangler

USER node
ENV HOST=0.0.0.0 PORT=8787 STATE_DIR=/state
EXPOSE 8787
VOLUME /state
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "scripts/serve.ts"]
