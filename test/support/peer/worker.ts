import { parentPort, workerData } from 'node:worker_threads';
import { PeerClient } from './client.ts';
import { forgePeer, insomniaPeer } from './crypto.ts';
import type { Command, Outcome, PeerSettings } from './remote.ts';

const { name, url, email, typed }: PeerSettings = workerData;
const client = new PeerClient(url, name === '@getinsomnia/srp-js' ? insomniaPeer : forgePeer, email, typed);

async function run({ method, values: [first = '', second = '', third = ''] }: Command): Promise<Outcome> {
  try {
    return { value: await client[method](first, second, third) };
  } catch (error) {
    return { error: String(error) };
  }
}

parentPort?.on('message', async (command: Command) => parentPort?.postMessage(await run(command)));
