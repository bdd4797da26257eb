import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { analyticsIngest } from '../../functions/analytics/analytics-ingest.ts';
import { nodeListener } from '../../shared/platform/http/node-listener.ts';
import { createPlatform } from '../../shared/platform/platform.ts';
import { serve } from '../../shared/platform/serve.ts';
import type { Settings } from '../../shared/platform/settings.ts';
import { fixedSealer } from './fixed-sealer.ts';

/** `node serve-analytics.ts SETTINGS`: analytics-ingest in a process of its own, on a free port that it prints. */
const settings: Settings = JSON.parse(process.argv[2] ?? '');
const platform = { ...createPlatform(settings, {}, { write: () => {} }), sealer: fixedSealer() };
const server = createServer(nodeListener((request) => serve(analyticsIngest, request, platform), platform));
server.keepAliveTimeout = 75_000;
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`listening on ${(server.address() as AddressInfo).port}\n`);
});
