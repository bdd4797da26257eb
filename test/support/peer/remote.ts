import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { PeerClient } from './client.ts';

export type PeerName = '@getinsomnia/srp-js' | 'srp-js and node-forge';

export interface PeerSettings {
  readonly name: PeerName;
  readonly url: string;
  readonly email: string;
  /** The passphrase as it is typed. */
  readonly typed: string;
}

export interface RemotePeer
  extends Pick<PeerClient, 'signUp' | 'logIn' | 'symmetricKey' | 'createGroup' | 'write' | 'read'> {
  stop(): Promise<void>;
}

/** What goes to the worker, and what comes back. */
export interface Command {
  readonly method: keyof Omit<RemotePeer, 'stop'>;
  readonly values: string[];
}
export type Outcome = { readonly value: unknown } | { readonly error: string };

/** A peer in a worker: its library wants globals by which those of the server would take Node for a browser. */
export function startPeer(settings: PeerSettings): RemotePeer {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: settings, stdout: true });
  const ask = async (method: Command['method'], ...values: string[]) => {
    worker.postMessage({ method, values } satisfies Command);
    const [outcome]: Outcome[] = await once(worker, 'message');
    if (outcome === undefined || 'error' in outcome) throw new Error(outcome?.error);
    return Object(outcome.value);
  };
  return {
    signUp: () => ask('signUp'),
    logIn: () => ask('logIn'),
    symmetricKey: () => ask('symmetricKey'),
    createGroup: async () => String(await ask('createGroup')),
    write: async (groupId, id, content) => String(await ask('write', groupId, id, content)),
    read: (groupId) => ask('read', groupId),
    stop: async () => void (await worker.terminate()),
  };
}
