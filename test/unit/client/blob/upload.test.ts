import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { uploadBlob } from '../../../../client/blob/upload.ts';
import { Connection } from '../../../../client/connection.ts';
import { createAesKey } from '../../../../shared/crypto/aes-key.ts';
import { sealedChunkBytes } from '../../../../shared/crypto/blob.ts';
import { limits } from '../../../../shared/protocol/limits.ts';
import { problem } from '../small-server.ts';

it('an upload of which one part is refused gives up those on their way, and tells of no more progress', async () => {
  const waiting: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    const refuse = ({ status = 500, headers, body }: ReturnType<typeof problem>) =>
      response.writeHead(status, { ...headers }).end(JSON.stringify(body));
    request.resume();
    if (request.url?.startsWith('/blob-status')) refuse(problem(404, 'BLOB_NOT_FOUND'));
    else if (waiting.push(request) === 3) refuse(problem(403, 'QUOTA_EXCEEDED'));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const connection = new Connection(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const group = { id: 'grp_1', name: '', teamId: '', role: 'editor', keyEpoch: 1 } as const;
    const target = {
      session: { connection },
      group: { ...group, keys: new Map([[1, await createAesKey()]]) },
      limits: { ...limits, blobPartBytes: sealedChunkBytes },
    };
    const done: number[] = [];
    const upload = uploadBlob(target, new Uint8Array(5 * sealedChunkBytes), {
      onProgress: (progress) => void done.push(progress.done),
    });
    await expect(upload).rejects.toMatchObject({ code: 'QUOTA_EXCEEDED', message: 'because QUOTA_EXCEEDED' });
    const [one, two] = waiting;
    await Promise.all([one, two].map(async (each) => each?.destroyed || once(each as IncomingMessage, 'close')));
    expect(done).toEqual([0]);
    expect(waiting).toHaveLength(3);
  } finally {
    server.closeAllConnections();
    server.close();
  }
});
