import type { TestService } from '../../support/service.ts'
import { askerAt, nobodys, right, type Asker, type Thing, type Things } from './things.ts'

const base = '/api/policy'
const administrator = { kind: 'person', name: 'administrator', roles: ['administrator'] } as const
const none = `drf_${nobodys}`

export function draftsThings(service: TestService): readonly Things[] {
  const office = () => askerAt(service, administrator)
  let written = 0

  /** What two people bring into force by themselves, each time something else. */
  async function publish(): Promise<number> {
    const one = await proposed(office())
    const { revision } = right(await office().send('POST', pathOf(one, 'activate'), { version: 1 }))
    return Number(revision)
  }

  async function draft(by: Asker, text?: string): Promise<Thing> {
    written += 1
    const policies =
      text ??
      `@id("nobody-${written}") permit (principal == Person::"nobody", action == Action::"mail.read", resource);`
    const { id } = right(await by.send('POST', `${base}/drafts`, { title: 'A draft', policies }))
    return { params: { id: String(id) }, version: 1 }
  }

  async function checked(by: Asker): Promise<Thing> {
    const one = await draft(by)
    right(await by.send('POST', pathOf(one, 'check')))
    return one
  }

  async function proposed(by: Asker): Promise<Thing> {
    const one = await draft(by)
    right(await by.send('POST', pathOf(one, 'propose'), undefined, ifMatch(one).headers))
    return one
  }

  /** One draft is tried at a time, and a hundred are open at most. */
  async function putAway(one: Thing): Promise<void> {
    await office().send('DELETE', pathOf(one, 'shadow'))
    const { etag } = await office().send('GET', pathOf(one))
    await office().send('POST', pathOf(one, 'withdraw'), undefined, { 'if-match': etag })
  }

  /** Whoever asks has written it, or somebody else has. */
  const by = (make: (author: Asker) => Promise<Thing>) => async (asker: Asker, whose: string) => {
    if (whose !== 'own') return make(office())
    // Nobody has written one who may not.
    const { caller } = asker
    return caller.roles.some((role) => ['administrator', 'superadmin'].includes(role)) ? make(asker) : null
  }

  const drafts: Things = {
    name: 'draft',
    service,
    look: `${base}/drafts/:id`,
    notItsOwn: ['inForce'],
    whose: ['others', 'own'],
    putAway,
    make: {
      unread: by(draft),
      checked: by(checked),
      wrong: by((author) => draft(author, 'permit (principal, action')),
      proposed: by(proposed),
      changed: by(async (author) => {
        const one = await proposed(author)
        right(await author.send('PATCH', pathOf(one), { title: 'Another' }, ifMatch(one).headers))
        return { ...one, version: 2 }
      }),
      outdated: by(async (author) => {
        const one = await proposed(author)
        await publish()
        return one
      }),
      tried: by(async (author) => {
        const one = await checked(author)
        right(await office().send('PUT', pathOf(one, 'shadow'), {}))
        return one
      }),
      activated: by(async (author) => {
        const one = await proposed(author)
        right(await office().send('POST', pathOf(one, 'activate'), { version: 1 }))
        return one
      }),
      withdrawn: by(async (author) => {
        const one = await draft(author)
        right(await author.send('POST', pathOf(one, 'withdraw'), undefined, ifMatch(one).headers))
        return one
      }),
      none: async (_, whose) => (whose === 'others' ? { params: { id: none }, version: 1 } : null),
    },
    sent: {
      [`PATCH ${base}/drafts/:id`]: (one) => ({ body: { title: 'Another' }, ...ifMatch(one) }),
      [`POST ${base}/drafts/:id/propose`]: ifMatch,
      [`POST ${base}/drafts/:id/withdraw`]: ifMatch,
      [`POST ${base}/drafts/:id/activate`]: ({ version }) => ({ body: { version } }),
      [`PUT ${base}/drafts/:id/shadow`]: () => ({ body: {} }),
    },
  }

  const version = (revision: number): Thing => ({
    params: { revision: String(revision), from: String(revision), to: '1' },
  })
  const versions: Things = {
    name: 'version',
    service,
    look: `${base}/versions/:revision`,
    make: {
      'in force': async () => version(await publish()),
      earlier: async () => {
        const revision = await publish()
        await publish()
        return version(revision)
      },
      none: async () => version(99_999),
    },
    sent: {
      [`POST ${base}/versions/:revision/roll-back`]: () => ({ body: { reason: 'It was better before.' } }),
    },
  }
  return [drafts, versions]
}

const pathOf = ({ params }: Thing, verb = '') =>
  `${base}/drafts/${params['id']}${verb === '' ? '' : `/${verb}`}`
const ifMatch = ({ version }: Thing) => ({ headers: { 'if-match': `"${version}"` } })
