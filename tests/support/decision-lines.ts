/** A decision to be kept in the log: a denial, of which it matters only that its line is there. */
import type { Keepable } from '../../services/policy/decisions/log.ts'

export function lineToKeep(more: object = {}): Keepable & { readonly id: string } {
  const id = crypto.randomUUID()
  const whole = {
    id,
    at: new Date(),
    caller: 'test',
    request: null,
    subject: { type: 'user', id: 'a' },
    action: 'read',
    resource: { type: 'doc', id: 'd' },
    seen: { entities: [], context: {} },
    decision: false,
    determining: [],
    errors: [],
    policies: 1,
    world: 1,
    digest: '',
    outside: null,
    cached: false,
    microseconds: 1,
    ...more,
  }
  return { id, decision: false, whole: () => whole }
}
