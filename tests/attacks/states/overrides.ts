import { minutes, overrideOffice, type Person } from '../../support/override-office.ts'
import { askerAt, nobodys, right, type Asker, type Thing, type Things, type Who } from './things.ts'

const base = '/api/policy'
const because = 'The count needs it.'
// Nobody ranks above them, so that it is never the rank that refuses.
const chief = { kind: 'person', name: 'superadmin', roles: ['superadmin'] } as const

export async function overridesThings(): Promise<readonly Things[]> {
  const { service, pass, tell, person, inMinutes } = await overrideOffice()
  let people = 0
  const somebody = (roles: readonly string[]): Promise<Person> => person(`n${(people += 1)}`, roles)

  /** Whoever comes is known here with their roles, as identity would have told. */
  async function asker(who: Who): Promise<Asker> {
    const one = askerAt(service, who)
    if (who.kind === 'person') await tell(one.caller.subject, who.roles)
    return one
  }
  const office = () => asker(chief)
  const mayAsk = ({ caller }: Asker) =>
    caller.kind === 'person' && caller.roles.some((role) => ['administrator', 'superadmin'].includes(role))
  const decide = async (of: string, { params }: Thing, approve: boolean) =>
    right(
      await (
        await office()
      ).send('POST', `${base}/${of}/${params['id']}/decide`, { approve, reason: because }),
    )
  const end = async (of: string, { params }: Thing) =>
    right(await (await office()).send('POST', `${base}/${of}/${params['id']}/end`, { reason: because }))

  async function wished(kind: 'allow' | 'deny', by: Asker, whose: string): Promise<Thing | null> {
    if (whose === 'own' && !mayAsk(by)) return null
    if (whose === 'for oneself' && by.caller.kind !== 'person') return null
    const about = whose === 'for oneself' ? by.caller.subject : (await somebody(['member'])).id
    const author = whose === 'own' ? by : await office()
    const wish = {
      kind,
      subject: { type: 'Person', id: about },
      actions: ['members.list'],
      until: inMinutes(60),
      reason: because,
    }
    const { id } = right(await author.send('POST', `${base}/overrides`, wish))
    return { params: { id: String(id) } }
  }
  const permission = async (by: Asker, whose: string, then?: (one: Thing) => unknown) => {
    const one = await wished('allow', by, whose)
    if (one !== null) await then?.(one)
    return one
  }

  async function asked(by: Asker, whose: string, then?: (one: Thing) => unknown): Promise<Thing | null> {
    const wish = { role: 'administrator', minutes: 60, reason: because }
    const author = whose === 'own' ? by : await somebody(['election-manager'])
    const said = await author.send('POST', `${base}/emergency`, wish)
    // Who has no office asks for nothing, and an administrator has it all.
    if (whose === 'own' && said.status >= 400) return null
    const one = { params: { id: String(said.body['id']) } }
    await then?.(one)
    return one
  }

  const none = async () => ({ params: { id: `ovr_${nobodys}` } })
  const decision = () => ({ body: { approve: true } })
  const ending = () => ({ body: { reason: because } })

  const overrides: Things = {
    name: 'override',
    service,
    asker,
    look: `${base}/overrides/:id`,
    whose: ['others', 'own', 'for oneself'],
    make: {
      asked: (by, whose) => permission(by, whose),
      'in force': (by, whose) => permission(by, whose, (one) => decide('overrides', one, true)),
      refused: (by, whose) => permission(by, whose, (one) => decide('overrides', one, false)),
      ended: (by, whose) => permission(by, whose, (one) => end('overrides', one)),
      lapsed: (by, whose) => permission(by, whose, () => pass(minutes(61))),
      expired: (by, whose) =>
        permission(by, whose, async (one) => {
          await decide('overrides', one, true)
          pass(minutes(61))
        }),
      denied: (by, whose) => wished('deny', by, whose),
      'emergency access': async (by, whose) => (whose === 'others' ? asked(by, whose) : null),
      none: async (_, whose) => (whose === 'others' ? none() : null),
    },
    sent: {
      [`POST ${base}/overrides/:id/decide`]: decision,
      [`POST ${base}/overrides/:id/end`]: ending,
    },
  }
  const emergency: Things = {
    name: 'emergency access',
    service,
    asker,
    look: `${base}/emergency/:id`,
    whose: ['others', 'own'],
    make: {
      asked: (by, whose) => asked(by, whose),
      'in force': (by, whose) => asked(by, whose, (one) => decide('emergency', one, true)),
      refused: (by, whose) => asked(by, whose, (one) => decide('emergency', one, false)),
      ended: (by, whose) => asked(by, whose, (one) => end('emergency', one)),
      lapsed: (by, whose) => asked(by, whose, () => pass(minutes(31))),
      expired: (by, whose) =>
        asked(by, whose, async (one) => {
          await decide('emergency', one, true)
          pass(minutes(61))
        }),
      'an override': async (by, whose) => (whose === 'others' ? permission(by, whose) : null),
      none: async (_, whose) => (whose === 'others' ? none() : null),
    },
    sent: {
      [`POST ${base}/emergency/:id/decide`]: decision,
      [`POST ${base}/emergency/:id/end`]: ending,
    },
  }
  return [overrides, emergency]
}
