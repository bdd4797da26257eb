import type { AddressInfo } from 'node:net';
import { getTestServer } from '@google-cloud/functions-framework/testing';
import '../../../functions/index.ts';

/** `node serve-function.ts NAME`: one function in a process of its own, as deployed, on a free port that it prints. */
const server = getTestServer(process.argv[2] ?? '').listen(0, '127.0.0.1', () => {
  process.stdout.write(`listening on ${(server.address() as AddressInfo).port}\n`);
});
