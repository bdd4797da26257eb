import type { AccountProfile } from '../../protocol/profiles.ts';

/** A prime and a generator that client and server agree on. */
export interface SrpGroup {
  /** The safe prime. */
  readonly N: bigint;
  readonly g: bigint;
  /** Length of N in bytes: of the verifier, of A, B and S, and of everything that is padded before it is hashed. */
  readonly bytes: number;
  /**
   * Length of the server's one-time secret b in bytes: more than twice the strength of the group, as RFC 7919 §5.2
   * asks (225 and 275 bits), and far shorter than N, which is what makes a login cheap.
   */
  readonly serverSecretBytes: number;
}

/** RFC 5054, Appendix A, by the size of N in bits. */
export const srpGroups: Readonly<Record<AccountProfile['groupBits'], SrpGroup>> = {
  2048: {
    N: BigInt(
      '0xac6bdb41324a9a9bf166de5e1389582faf72b6651987ee07fc3192943db56050a37329cbb4a099ed8193e0757767a13d' +
        'd52312ab4b03310dcd7f48a9da04fd50e8083969edb767b0cf6095179a163ab3661a05fbd5faaae82918a9962f0b93b8' +
        '55f97993ec975eeaa80d740adbf4ff747359d041d5c33ea71d281e446b14773bca97b43a23fb801676bd207a436c6481' +
        'f1d2b9078717461a5b9d32e688f87748544523b524b0d57d5ea77a2775d2ecfa032cfbdbf52fb3786160279004e57ae6' +
        'af874e7303ce53299ccc041c7bc308d82a5698f3a8d0c38271ae35f8e9dbfbb694b5c803d89f7ae435de236d525f5475' +
        '9b65e372fcd68ef20fa7111f9e4aff73',
    ),
    g: 2n,
    bytes: 256,
    serverSecretBytes: 32,
  },
  3072: {
    N: BigInt(
      '0xffffffffffffffffc90fdaa22168c234c4c6628b80dc1cd129024e088a67cc74020bbea63b139b22514a08798e3404dd' +
        'ef9519b3cd3a431b302b0a6df25f14374fe1356d6d51c245e485b576625e7ec6f44c42e9a637ed6b0bff5cb6f406b7ed' +
        'ee386bfb5a899fa5ae9f24117c4b1fe649286651ece45b3dc2007cb8a163bf0598da48361c55d39a69163fa8fd24cf5f' +
        '83655d23dca3ad961c62f356208552bb9ed529077096966d670c354e4abc9804f1746c08ca18217c32905e462e36ce3b' +
        'e39e772c180e86039b2783a2ec07a28fb5c55df06f4c52c9de2bcbf6955817183995497cea956ae515d2261898fa0510' +
        '15728e5a8aaac42dad33170d04507a33a85521abdf1cba64ecfb850458dbef0a8aea71575d060c7db3970f85a6e1e4c7' +
        'abf5ae8cdb0933d71e8c94e04a25619dcee3d2261ad2ee6bf12ffa06d98a0864d87602733ec86a64521f2b18177b200c' +
        'bbe117577a615d6c770988c0bad946e208e24fa074e5ab3143db5bfce0fd108e4b82d120a93ad2caffffffffffffffff',
    ),
    g: 5n,
    bytes: 384,
    serverSecretBytes: 36,
  },
};
