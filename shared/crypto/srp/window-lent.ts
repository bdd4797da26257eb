/**
 * tssrp6a looks for WebCrypto at `window.crypto` and else calls `require("crypto")`, once, while it is evaluated: in a
 * worker it finds neither. This module lends it a `window`; ./window-returned.ts takes it back. Modules are evaluated
 * in the order of their imports, so nothing but tssrp6a ever sees it.
 */
export const lent = !('window' in globalThis);

if (lent) Object.defineProperty(globalThis, 'window', { value: globalThis, configurable: true });
