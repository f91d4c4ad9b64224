/** Codes by mail and text message: who carries them, and what a change of them brings with it. */
import { isUntaken } from '@althing/kernel/resilience'
import type { Tx } from '@althing/kernel/service'
import { createAccountStore } from './accounts/store.ts'
import { composeSms } from './compose-sms.ts'
import type { Deliveries } from './deliveries/rules.ts'
import type { Addressee } from './deliveries/schema.ts'
import { hallFactorOf, type Db, type IdentityKit } from './kit.ts'
import { createAllowance } from './mailed-codes/allowance.ts'
import { createCodeFactors } from './mailed-codes/factors.ts'
import { createMailedCodes } from './mailed-codes/rules.ts'
import { codeMinutes } from './mailed-codes/schema.ts'
import type { Person } from './mailed-codes/sending.ts'
import { createMailedCodeStore } from './mailed-codes/store.ts'
import { codeMail, codeText } from './mailed-codes/texts.ts'
import type { Post } from './letters.ts'
import type { Metrics } from './metrics.ts'
import type { Changed, Channel, Confirm, NoticeKind } from './proofs.ts'

interface Lent {
  readonly deliveries: Pick<Deliveries, 'send'>
  readonly hasPassword: (account: string) => Promise<boolean>
  readonly confirm: Confirm
  readonly changedIn: (db: Db, tx: Tx) => Changed<NoticeKind>
}

export function composeCodes(
  kit: IdentityKit,
  mail: Post,
  metrics: Metrics,
  { hasPassword, confirm, changedIn, deliveries }: Lent,
) {
  const { config, clock, chance, database, atomic, log } = kit
  const sms = composeSms(kit, metrics)
  const find = createAccountStore(database).byId
  const store = createMailedCodeStore(database)
  const allow = composeAllowance(kit, metrics)
  const host = new URL(config.url).hostname

  async function send(
    channel: Channel,
    to: string,
    { id: account, name, locale }: Person,
    code: string,
  ): Promise<void> {
    const { organisation } = config
    if (channel === 'mail')
      return mail.send({
        account,
        why: 'asked',
        to,
        lang: locale,
        ...codeMail(locale, { name, organisation, code, minutes: codeMinutes }),
      })
    await sendText({ account, why: 'asked' }, to, codeText(locale, { organisation, code, host }))
  }

  /** Every text message goes by this, and leaves a line. */
  async function sendText(addressee: Addressee, to: string, text: string): Promise<void> {
    if (sms === null) return
    await deliveries.send({ ...addressee, channel: 'sms', to, subject: null }, () => sms.send({ to, text }))
  }

  const mailedCodes = createMailedCodes({
    clock,
    chance,
    store,
    key: kit.derivedKey('mailed-codes'),
    find,
    send,
    allow,
    isOffered: (channel) => isOffered(config, channel),
    isCarried,
    prefixes: config.smsPrefixes,
    onSent(channel, outcome, error) {
      metrics.codeSent(channel, outcome)
      if (error !== undefined) log.warn('a code was not sent', { channel, outcome, cause: error.code })
    },
    atomically: atomic((db, tx) => ({
      store: createMailedCodeStore(db),
      record: (entry) => tx.record(entry),
    })),
  })
  const codeFactors = createCodeFactors({
    clock,
    store,
    codes: mailedCodes,
    find,
    hasPassword,
    confirm,
    isCarried,
    atomically: atomic((db, tx) => ({
      store: createMailedCodeStore(db),
      record: (entry) => tx.record(entry),
      changed: changedIn(db, tx),
    })),
  })

  function isCarried(channel: Channel): boolean {
    return isOffered(config, channel) && (channel === 'sms' ? sms !== null : config.mailUrl.reveal() !== '')
  }

  /**
   * One in an hour, in a purse of its own: whoever changes a number to and fro rings nobody up, and takes no code from its owner. What
   * was not taken by any carrier is given back, and the job tries it again; what may have gone out is not sent twice.
   */
  async function textTo(account: string, text: (locale: 'is' | 'en') => string): Promise<void> {
    const [person, to] = await Promise.all([find(account), store.phoneOf(account)])
    if (sms === null || person === null || to === null) return
    const sending = { what: 'notice', channel: 'sms', to, network: '', isKnown: false } as const
    const allowed = await allow(sending)
    if (allowed.kind !== 'allowed') return
    try {
      await sendText({ account, why: 'safety' }, to, text(person.locale))
    } catch (error) {
      if (isUntaken(error)) await allowed.giveBack()
      throw error
    }
  }

  return { mailedCodes, codeFactors, textTo }
}

/** Neither is an authenticator where NIST SP 800-63B-4 is followed at AAL3; elsewhere the house may do without either. */
function isOffered({ preset, codesByMail, codesBySms }: IdentityKit['config'], channel: Channel): boolean {
  return preset !== 'nist-aal3' && (channel === 'sms' ? codesBySms : codesByMail) === 'on'
}

function composeAllowance({ config, limits, log }: IdentityKit, metrics: Pick<Metrics, 'smsCeilingReached'>) {
  return createAllowance({
    spend: limits.spend,
    giveBack: limits.giveBack,
    perNetwork: config.codesPerNetwork * hallFactorOf(config),
    textsPerHour: config.smsPerHour,
    onCeiling(isFirst) {
      metrics.smsCeilingReached()
      if (isFirst) log.warn('no more text messages in this hour: the ceiling of the house is reached')
    },
  })
}
