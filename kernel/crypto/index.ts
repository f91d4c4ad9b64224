/** Cryptography of the kernel, for Node. A browser imports the browser-safe files by name; README.md lists them. */
export * from './bytes.ts'
export * from './canonical.ts'
export * from './hash.ts'
export * from './web.ts'
export * from './box.ts'
export * from './ed25519.ts'
export * from './keycache.ts'
export {
  type HpkeKeyPair,
  type OpenNeeds,
  type Sealed,
  type SealNeeds,
  hpkeDeriveKeyPair,
  hpkeOpen,
  hpkeOverheadBytes,
  hpkeSeal,
} from './hpke.ts'
export * from './hpke-node.ts'
export { p256PublicKey } from './p256.ts'
export * from './personkeys.ts'
export * from './keyring.ts'
export * from './keyfiles.ts'
