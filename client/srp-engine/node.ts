import type { SrpEngine } from '../../shared/crypto/srp/engine.ts';
import { srpGroups } from '../../shared/crypto/srp/groups.ts';
import { opensslEngine } from '../../shared/crypto/srp/openssl/engine.ts';
import { webEngine } from '../../shared/crypto/srp/web-engine.ts';

/** Some power that costs little: whoever does this does the others. */
const [base, exponent, power] = [3n, 5n, 243n];

/**
 * OpenSSL's engine where it is OpenSSL that is under `node:crypto`. Electron and others have BoringSSL there, which reads
 * no Diffie-Hellman keys: they get the one of browsers.
 */
export function usable(engine: SrpEngine): SrpEngine {
  try {
    return engine.modPow(base, exponent, srpGroups[2048]) === power ? engine : webEngine;
  } catch {
    return webEngine;
  }
}

export const srpEngine = usable(opensslEngine);
