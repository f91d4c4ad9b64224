import { authenticationChecks } from './authentication.ts'
import { authorizationChecks } from './authorization.ts'
import { backchannelChecks } from './backchannel.ts'
import type { Check } from './check.ts'
import { endpointChecks } from './endpoints.ts'
import { programChecks } from './programs.ts'
import { proofChecks } from './proofs.ts'
import { redirectChecks } from './redirects.ts'
import { registrationChecks } from './registration.ts'
import { requestObjectChecks } from './request-objects.ts'
import { tokenChecks } from './tokens.ts'

export const checks: readonly Check[] = [
  ...authorizationChecks,
  ...redirectChecks,
  ...requestObjectChecks,
  ...authenticationChecks,
  ...tokenChecks,
  ...programChecks,
  ...proofChecks,
  ...endpointChecks,
  ...backchannelChecks,
  ...registrationChecks,
]
