import { benchHttp } from './http.ts';
import { benchSrp } from './srp.ts';

/** `npm run bench`: SRP work on the server, then HTTP throughput. Quote the ratios; the absolute figures are this computer's. */
const print = (line: string) => void process.stdout.write(`${line}\n`);
await benchSrp(print);
await benchHttp(print);
