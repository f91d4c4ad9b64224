/** Applications that nobody here has looked at: found by the address that is their id, and asked about anew in every session. */
import { errors, interactionPolicy, Provider, type Client } from 'oidc-provider'
import { isFault } from '@althing/kernel/errors'
import { networkOf } from '@althing/kernel/http'
import { wordsOf } from './own-words.ts'

type Found = Readonly<Record<string, unknown>>
/** @throws Fault identity.client-documents.refused, kernel.limits.too_many */
export type FindClient = (id: string, network: string | undefined) => Promise<Found | null>

/** What could not be made of an address is said to whoever named it, in the words of the engine. */
export async function findClientNow(find: FindClient, id: string): Promise<Found | null> {
  const ctx = Provider.ctx
  try {
    return await find(id, ctx === undefined ? undefined : networkOf(ctx.ip))
  } catch (error) {
    if (isFault(error, 'kernel.limits.too_many')) {
      ctx?.set('retry-after', String(Math.ceil(error.retryAfterSeconds ?? 60)))
      const often = new errors.TemporarilyUnavailable('too many addresses of applications; wait a little')
      throw Object.assign(often, { status: 429, statusCode: 429 })
    }
    if (!isFault(error, 'identity.client-documents.refused')) throw error
    const why = error.fields.map(({ message }) => message).join(' | ')
    throw new errors.InvalidClient(`its metadata document cannot be used: ${why}`.replaceAll(/["\\]/g, "'"))
  }
}

/** The name of its check, as the question carries it. */
export const strangerReason = 'stranger'

/**
 * What somebody allowed yesterday, they allowed to whoever was at that name yesterday: it counts for the session in which they did. It does
 * not count at all for a program on a device that keeps no secret: there, any other can take its name (RFC 8252, section 8.6).
 */
export const strangerCheck = () =>
  new interactionPolicy.Check(
    strangerReason,
    'Nobody here has looked at this application.',
    'consent_required',
    ({ oidc: { client, result, session, grant } }) => {
      const isOver = wordsOf(client).registered_by === undefined || result?.consent !== undefined
      // One that was only just made for this request has no name yet.
      const isKnown = grant?.jti !== undefined && session?.grantIdFor(client?.clientId ?? '') === grant.jti
      return isOver || (isKnown && !isOnDevice(client))
        ? interactionPolicy.Check.NO_NEED_TO_PROMPT
        : interactionPolicy.Check.REQUEST_PROMPT
    },
  )

const isOnDevice = (client: Client | undefined): boolean =>
  client?.clientAuthMethod === 'none' &&
  (client.redirectUris ?? []).some((uri) => URL.parse(uri)?.protocol !== 'https:')
