/** The electronic ID with what it is lent: accounts to find or make, and a session at the end. */
import { isFault } from '@althing/kernel/errors'
import type { Answer } from '@althing/kernel/http'
import { accountParts, personId, type Composed, type IdentityKit } from './compose.ts'
import { personIdentified } from './contract.ts'
import { createFederation } from './federation/rules.ts'
import { federationRoutes } from './federation/routes.ts'
import { createRounds } from './federation/rounds.ts'
import { EidClaims } from './federation/schema.ts'
import { createFederationStore } from './federation/store.ts'
import { createUpstream } from './federation/upstream.ts'
import { assurance } from './oidc/schema.ts'
import { deviceCookie, type Devices } from './sign-in/devices.ts'
import type { Enter } from './sign-in/entrance.ts'
import type { Arrive } from './sign-in/arrival.ts'
import type { Session } from './sessions/schema.ts'
import { egressTo } from './stand-ins.ts'
import { deviceOf } from './device-names.ts'
import { expired, type Pages } from './pages.ts'
import { sessionOf } from './with-engine.ts'

export function createEid(
  kit: IdentityKit,
  parts: Composed,
  pages: Pages,
  way: { readonly arrive: Arrive; readonly enter: Enter<Session>; readonly devices: Devices },
) {
  const { config, clock, chance, ids, limits } = kit
  const { eidIssuer: issuer, eidClientId: clientId } = config
  if (issuer === undefined || clientId === undefined) return undefined
  const upstream = createUpstream({
    issuer,
    clientId,
    clientSecret: config.eidClientSecret,
    redirectUri: `${config.url}/sign-in/eid/callback`,
    scope: config.eidScope,
    claims: EidClaims,
    clock,
    breaker: kit.breakers.breaker('eid'),
    send: egressTo(config, [issuer]).send,
  })
  const federation = createFederation({
    ids,
    issuer,
    upstream,
    rounds: createRounds({ clock, chance, store: createFederationStore(kit.database, chance) }),
    atomically: kit.atomic((db, tx) => {
      const { store: accounts } = accountParts(kit, db, tx)
      return {
        store: createFederationStore(db, chance),
        people: {
          ...accounts,
          add: (made: {
            id: string
            name: string
            nationalId: string
            claimedEmail: string | null
            phone: string | null
            locale: 'is' | 'en'
          }) => accounts.add({ ...made, id: personId(made.id), status: 'active' }),
        },
        tellIdentified: (facts: { person: string; nationalId: string; name: string }) =>
          tx.send(personIdentified, facts, { to: ['members'] }),
        record: (entry) => tx.record(entry),
      }
    }),
  })
  const routes = federationRoutes({
    federation,
    pages,
    spend: (by, who) =>
      limits.spend(`eid-${by}`, who, {
        most: by === 'browser' ? config.eidPerBrowser : config.eidPerNetwork,
        withinSeconds: 600,
      }),
    onAttempt: () => parts.metrics.attempted('eid'),
    // Its query is the issuer's answer, and no switch of ours.
    localeOf: ({ headers, cookies }) => pages.locale({ headers, cookies }),
    async onFailure(error) {
      parts.metrics.failed('eid')
      kit.log.warn('electronic ID not accepted', {
        fault: isFault(error) ? error.code : 'bug',
        cause: error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error),
      })
      await parts.record({ action: 'sign-in.eid', actor: 'person:unknown', outcome: 'failed' })
    },
    async arrive(account, asked, place): Promise<Answer<undefined>> {
      const seen = {
        account,
        device: deviceOf(asked.headers['user-agent']),
        network: asked.network,
        isKnown: way.devices.recognise(asked.cookies[deviceCookie], account) !== null,
      }
      // It is never refused for how it looks, but it may be worth telling.
      const { isTold } = await parts.risk.weigh({ ...seen, isWhole: true })
      const begun = await way.enter({
        ...seen,
        isTold,
        method: 'eid',
        shown: 'eid',
        acr: assurance.eid,
        amr: ['eid', 'mfa'],
        remember: false,
        current: await sessionOf(parts, asked.cookies),
      })
      return (await way.arrive(begun, place, asked)) ?? expired(pages, asked)
    },
  })
  return { routes, stats: upstream.stats, origins: [new URL(issuer).origin] }
}

/** It has told us of this person; a kennitala alone may have come from a file of the office. */
export async function hasElectronicId(
  { config, database, chance }: IdentityKit,
  account: string,
): Promise<boolean> {
  const linked = await createFederationStore(database, chance).linkedTo(account)
  return linked.some(({ issuer }) => issuer === config.eidIssuer)
}
