/** What an application asks about again and again until somebody has answered elsewhere: the code of a device, a request to a person. */
import { errors, Provider, type Adapter, type AdapterPayload } from 'oidc-provider'
import type { RecordStore } from './store.ts'

/** A while longer than it is good for: one that is over is told so, and not that it never was. */
const toldSeconds = 600

/** Whoever has it asks whether it was answered, and it was not; so how often they ask is what matters (RFC 8628, section 3.5). */
function isAskedBefore(found: AdapterPayload | undefined | void): boolean {
  const oidc = Provider.ctx?.oidc
  if (!found || oidc?.route !== 'token' || found.clientId !== oidc.client?.clientId) return false
  return found.grantId === undefined && found['error'] === undefined
}

/**
 * Eight letters that somebody types are short enough to be guessed by whoever reads the table, and they would open the row. So
 * the device's own code lies under them in a row of its own, whose id is made of them and of a key that is not in the table.
 */
export function deviceAdapter(
  once: Adapter,
  records: RecordStore,
  idOf: (userCode: string) => string,
): Adapter {
  return {
    ...once,
    async upsert(id, payload, expiresIn = 60) {
      await once.upsert(id, payload, expiresIn + toldSeconds)
      if (payload.userCode !== undefined && payload.accountId === undefined)
        await records.putAll([
          {
            kind: 'UserCode',
            id: idOf(payload.userCode),
            payload: { device: id },
            expiresInSeconds: expiresIn,
          },
        ])
    },
    async find(id) {
      const found = await once.find(id)
      if (isAskedBefore(found) && (await records.polledTooSoon('DeviceCode', id))) throw new errors.SlowDown()
      return found
    },
    async findByUserCode(userCode) {
      const found = await records.find('UserCode', idOf(userCode))
      return typeof found?.['device'] === 'string' ? once.find(found['device']) : undefined
    },
  }
}

/**
 * OpenID CIBA Core 1.0, section 11. A second use ends nothing that the first one gave: only the application itself can show it, with its
 * proof of who it is, and one that was told and asks at the same moment is no thief.
 */
export function askedAdapter(
  once: Adapter,
  records: RecordStore,
  polledTooSoon: (id: string) => Promise<boolean>,
): Adapter {
  const kind = 'BackchannelAuthenticationRequest'
  return {
    ...once,
    upsert: (id, payload, expiresIn = 60) => once.upsert(id, payload, expiresIn + toldSeconds),
    async find(id) {
      const found = await once.find(id)
      if (!found || Provider.ctx?.oidc.route !== 'token') return found
      if (isAskedBefore(found) && (await polledTooSoon(id))) throw new errors.SlowDown()
      const { consumed: _decidedLater, ...rest } = found
      return rest
    },
    async consume(id) {
      if (!(await records.consume(kind, id))) throw new errors.InvalidGrant('already used')
    },
  }
}
