/** What applications are told of people, and by which name they know them. */
import type { Client, Configuration } from 'oidc-provider'
import { nobody } from './backchannel.ts'
import type { Belonging, EngineNeeds, Subject } from './engine-needs.ts'
import { wordsOf } from './own-words.ts'
import { pairwiseName } from './pairwise.ts'
import { claimsOfScopes, registeredOnly } from './schema.ts'

type Claims = { readonly sub: string } & Readonly<Record<string, unknown>>

export function people({
  findSubject,
  isFirstParty,
  keptBy,
  belongingOf,
  groupsOf,
  pairwiseKey,
}: EngineNeeds): Pick<
  Configuration,
  'findAccount' | 'loadExistingGrant' | 'subjectTypes' | 'pairwiseIdentifier'
> {
  return {
    subjectTypes: ['public', 'pairwise'],
    pairwiseIdentifier: (_ctx, account, client: Client) =>
      pairwiseName(pairwiseKey, sectorOf(client), account),
    async findAccount(ctx, id, token) {
      if (ctx.oidc.route === 'backchannel_authentication' && id === nobody)
        return { accountId: id, claims: () => ({ sub: id }) }
      const subject = await findSubject(id)
      if (subject === null) return undefined
      const sid = token !== undefined && 'sessionUid' in token ? token.sessionUid : undefined
      const { client } = ctx.oidc
      return {
        accountId: id,
        async claims(use, scope, asked) {
          // What a scope tells stands in no ID token (section 5.4): nobody waits there for a directory.
          const isAsked =
            'membership' in asked || (use === 'userinfo' && scope.split(' ').includes('membership'))
          const belonging = isAsked ? await belongingOf(id) : null
          const known = claimsOf(subject, groupsOf(subject.roles), belonging)
          // The session's own name is for our portal. Another application has one of its own, when it asked to hear of the end.
          if (client === undefined || isFirstParty(client.clientId))
            return use === 'id_token' && sid !== undefined ? { ...known, sid } : known
          // What somebody keeps to themselves is told to nobody from that moment on, whatever was allowed before.
          return without(known, [...(await keptBy(id)), ...unregistered(client)])
        },
      }
    },
    /** Our own portal needs no consent: who signs in there wants to be known there. */
    async loadExistingGrant(ctx) {
      const { client, session, provider, requestParamScopes, requestParamClaims, params } = ctx.oidc
      if (client === undefined || session === undefined) return undefined
      const known = ctx.oidc.result?.consent?.grantId ?? session.grantIdFor(client.clientId)
      const grant = known === undefined ? undefined : await provider.Grant.find(known)
      if (!isFirstParty(client.clientId)) return grant
      const own =
        grant ?? new provider.Grant({ accountId: String(session.accountId), clientId: client.clientId })
      own.addOIDCScope([...requestParamScopes].join(' '))
      if (requestParamClaims.size > 0) own.addOIDCClaims([...requestParamClaims])
      for (const resource of [params?.['resource']].flat())
        if (typeof resource === 'string') own.addResourceScope(resource, [...requestParamScopes].join(' '))
      await own.save()
      return own
    },
  }
}

const sectorOf = ({ sectorIdentifier: sector, clientId }: Client): string =>
  typeof sector === 'string' ? sector : clientId

/** Whoever is registered for no scope at all may ask for any, and is told who it is and no more. */
function unregistered(client: Client): readonly string[] {
  const registered = (client.scope ?? '').split(' ')
  const hasPurpose = wordsOf(client).national_id_purpose !== undefined
  return registeredOnly.filter(
    (scope) => !registered.includes(scope) || (scope === 'national_id' && !hasPurpose),
  )
}

/** Without the claims of these scopes. */
function without(claims: Claims, scopes: readonly string[]): Claims {
  const kept = new Set(
    Object.entries(claimsOfScopes).flatMap(([scope, names]): readonly string[] =>
      scopes.includes(scope) ? names : [],
    ),
  )
  return {
    ...Object.fromEntries(Object.entries(claims).filter(([name]) => !kept.has(name))),
    sub: claims.sub,
  }
}

function claimsOf(subject: Subject, groups: readonly string[], membership: Belonging | null) {
  return {
    sub: subject.id,
    name: subject.name,
    locale: subject.locale,
    roles: [...subject.roles],
    groups: [...groups],
    ...(subject.email === null ? {} : { email: subject.email, email_verified: subject.emailProven }),
    ...(subject.phone === null ? {} : { phone_number: subject.phone }),
    ...(subject.nationalId === null ? {} : { national_id: subject.nationalId }),
    ...(membership === null ? {} : { membership: { ...membership } }),
  }
}
