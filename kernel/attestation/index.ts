/** Attestation as a port: that a request comes from a genuine app or a real browser. Adapters promise what `conformance.ts` says. */
export { noAttestation, type Attestation } from './attestation.ts'
export {
  appCheckSettings,
  attestationFrom,
  kindsOrNone,
  turnstileSecretSettings,
  turnstileSettings,
  whenAwaySetting,
} from './settings.ts'
export { mostResponseLength, turnstileOrigin } from './turnstile.ts'
