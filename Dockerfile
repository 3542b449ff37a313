# Build: everything, with the development tools.
FROM node:20.20.2-bookworm-slim AS build
WORKDIR /faultline
COPY . .
RUN npm run build && npm prune --omit=dev

# Run: the built program and what it needs, as nobody in particular.
FROM node:20.20.2-bookworm-slim
ENV NODE_ENV=production
WORKDIR /faultline
COPY --from=build /faultline/package.json ./
COPY --from=build /faultline/node_modules ./node_modules
COPY --from=build /faultline/scripts ./scripts
COPY --from=build /faultline/libs/embedded ./libs/embedded
COPY --from=build /faultline/dist ./dist
# tells scripts/setup.mjs that there is nothing to install or to build here
RUN touch dist/.image
USER node
EXPOSE 3000
HEALTHCHECK --interval=5s --timeout=5s --retries=12 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.FAULTLINE_PORT ?? 3000}/health/live`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "scripts/faultline.mjs"]
CMD ["start"]
