/** Which key services there are: the first wraps, all open. */
import { z } from 'zod'
import type { Chance, Clock } from '../context/index.ts'
import type { Breakers } from '../resilience/index.ts'
import { AwsKms, createAwsKms } from './aws-kms.ts'
import { createGcpKms, GcpKms } from './gcp-kms.ts'
import { createLocalKeys, keysOfFile } from './local.ts'
import type { KeyService } from './port.ts'
import { createVault, Vault } from './vault.ts'

const File = z.strictObject({ kind: z.literal('file'), path: z.string().min(1) })
/** Under the service key, which is a file where the deployment mounts one. */
const Service = z.strictObject({ kind: z.literal('service') })
const KeyServices = z.array(z.discriminatedUnion('kind', [Service, File, AwsKms, GcpKms, Vault]))
type Named = z.output<typeof KeyServices>[number]

/** Null when it is not what the setting may say. */
export function keyServicesOf(text: string): readonly Named[] | null {
  try {
    return KeyServices.parse(JSON.parse(text))
  } catch {
    return null
  }
}

interface Needs {
  readonly serviceKey: Uint8Array
  readonly clock: Clock
  readonly chance: Chance
  readonly breakers: Breakers
  readonly deadlineMs?: number
}

/** The one of the service key is always among them: what was wrapped before anything was set must open. */
export function createKeyServices(text: string, needs: Needs): readonly [KeyService, ...KeyService[]] {
  const own = createLocalKeys('service', needs.serviceKey, needs.chance)
  const named = (keyServicesOf(text) ?? []).map((one) => (one.kind === 'service' ? own : create(one, needs)))
  const [first = own, ...others] = named
  return [first, ...others, ...(named.length === 0 || named.includes(own) ? [] : [own])]
}

function create(named: Exclude<Named, { kind: 'service' }>, needs: Needs): KeyService {
  const { clock, chance, breakers, deadlineMs } = needs
  if (named.kind === 'file') return keysOfFile(named.path, chance)
  const remote = { breaker: breakers.breaker(`keys:${named.kind}`), deadlineMs }
  if (named.kind === 'aws-kms') return createAwsKms(named, { ...remote, clock })
  if (named.kind === 'gcp-kms') return createGcpKms(named, { ...remote, clock })
  return createVault(named, remote)
}
