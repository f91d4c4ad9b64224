/** People of an organisation at a policy service, and what is decided about them: for stories of overrides and of emergency access. */
import { systemClock, type Clock } from '@althing/kernel/context'
import { policy } from '../../services/policy/service.ts'
import { policyOffice, type Answered, type Officer } from './policy-office.ts'
import { testService, type TestService } from './service.ts'

/** The real time, until a story turns it on: tokens are made with it. */
export function movableClock(): Clock & { forward(milliseconds: number): void } {
  let ahead = 0
  return {
    now: () => new Date(systemClock.now().getTime() + ahead),
    forward: (milliseconds) => void (ahead += milliseconds),
  }
}

export const minutes = (count: number): number => count * 60_000
export const mfa = 'urn:althing:acr:mfa'

export interface Person extends Officer {
  readonly id: string
  readonly roles: readonly string[]
  /** The same with another way of signing in. */
  came(way: { readonly acr?: string; readonly seconds?: number }): Officer
}

export async function overrideOffice(env: Readonly<Record<string, string>> = {}) {
  const clock = movableClock()
  const service = await testService(policy, { clock, env })
  /** So much later, with nothing lost: the service has heard from those whom it follows. */
  function pass(milliseconds: number): void {
    clock.forward(milliseconds)
    service.kit.revocations.apply({ entries: [], latest: 0 })
    service.kit.authz.confirm()
  }
  return { clock, pass, ...(await peopleAt(service, clock)) }
}

/** Ada and Bea are administrators, Cid runs elections, Una is a member, Olaf an operator and Sunna a superadministrator. */
export async function peopleAt(service: TestService, clock: Clock) {
  const office = policyOffice(service)

  async function tell(person: string, roles: readonly string[], stamp = 1): Promise<void> {
    const answer = await service.asService('identity', 'POST', '/internal/messages', {
      id: crypto.randomUUID(),
      topic: 'identity.roles_changed',
      payload: { person, roles, stamp },
    })
    if (answer.status !== 200) throw new Error(await answer.text())
  }

  async function person(name: string, roles: readonly string[]): Promise<Person> {
    const one = office.officer(name, { roles })
    const id = one.actor.replace('person:', '')
    await tell(id, roles)
    return { ...one, id, roles, came: (way) => office.officer(name, { roles, ...way }) }
  }

  const ada = await person('ada', ['administrator'])
  const bea = await person('bea', ['administrator'])
  const cid = await person('cid', ['election-manager'])
  const una = await person('una', ['member'])
  const olaf = await person('olaf', ['operator'])
  const sunna = await person('sunna', ['superadmin'])

  const inMinutes = (count: number) => new Date(clock.now().getTime() + minutes(count)).toISOString()
  const wanted = (kind: 'allow' | 'deny', about: Person, more: Readonly<Record<string, unknown>> = {}) => ({
    kind,
    subject: { type: 'Person', id: about.id },
    actions: ['members.list'],
    until: inMinutes(60),
    reason: 'The count needs it.',
    ...more,
  })
  const ask = (by: Officer, body: unknown) => by.send('POST', '/api/policy/overrides', body)
  const decide = (by: Officer, id: unknown, body: unknown = { approve: true }) =>
    by.send('POST', `/api/policy/overrides/${String(id)}/decide`, body)
  const end = (by: Officer, id: unknown, reason = 'Nobody needs it any more.') =>
    by.send('POST', `/api/policy/overrides/${String(id)}/end`, { reason })
  const emergency = {
    ask: (by: Officer, body: Readonly<Record<string, unknown>> = {}) =>
      by.send('POST', '/api/policy/emergency', {
        role: 'administrator',
        minutes: 60,
        reason: 'Nobody else is here.',
        ...body,
      }),
    decide: (by: Officer, id: unknown, body: unknown = { approve: true }) =>
      by.send('POST', `/api/policy/emergency/${String(id)}/decide`, body),
    end: (by: Officer, id: unknown) =>
      by.send('POST', `/api/policy/emergency/${String(id)}/end`, { reason: 'It is over.' }),
  }

  /** At a door of a service: with the roles and the factor of their token. */
  function may({ id, roles }: Person, action: string, acr: string | undefined = mfa): boolean {
    const { decision } = service.kit.authz.decide({
      caller: { kind: 'person', subject: id, roles, ...(acr === undefined ? {} : { acr }) },
      action,
      resource: { type: 'Service', id: action.split('.')[0] ?? '' },
    })
    return decision
  }

  /** Over AuthZEN, with nothing said of how they came. */
  async function evaluate({ id }: Person, action: string, resource = { type: 'Service', id: 'members' }) {
    const answer = await service.asService('portal', 'POST', '/access/v1/evaluation', {
      subject: { type: 'Person', id },
      action: { name: action },
      resource,
    })
    return (await answer.json()) as { decision: boolean; context: Record<string, unknown> }
  }

  return {
    service,
    ...office,
    ada,
    bea,
    cid,
    una,
    olaf,
    sunna,
    person,
    tell,
    inMinutes,
    wanted,
    ask,
    decide,
    end,
    emergency,
    may,
    evaluate,
  }
}

/** The word behind the last dot of a refusal. */
export const refusal = ({ status, body }: Answered): string =>
  `${status} ${String(body['type']).split('.').at(-1)}`
