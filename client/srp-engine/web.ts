/** Where nothing but WebCrypto is there for certain. */
export { webEngine as srpEngine } from '../../shared/crypto/srp/web-engine.ts';
