import { benchHttp } from './http.ts';
import { benchSrp } from './srp.ts';
import { benchSync } from './sync.ts';

/** `npm run bench`: SRP work on the server, HTTP throughput, sync. Quote the ratios; the absolute figures are this computer's. */
const print = (line: string) => void process.stdout.write(`${line}\n`);
await benchSrp(print);
await benchHttp(print);
await benchSync(print);
