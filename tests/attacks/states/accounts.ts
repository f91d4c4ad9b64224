import assert from 'node:assert/strict'
import { createBrowser, type TestIdentity } from '../../support/identity.ts'
import { linkIn, type testMailbox } from '../../support/mailbox.ts'
import { askerAt, nobodys, right, type Asker, type Thing, type Things } from './things.ts'
import { told } from '../../support/told.ts'

const base = '/api/identity'
const chief = { kind: 'person', name: 'superadmin', roles: ['superadmin'] } as const
const chosen = 'four other words are plenty'
let made = 0

type Mailbox = Awaited<ReturnType<typeof testMailbox>>

/** Somebody who waits for their first link. */
export async function invited(service: TestIdentity): Promise<string> {
  made += 1
  const email = `invited${made}@example.org`
  const { id } = right(
    await askerAt(service, chief).send('POST', `${base}/users`, { name: 'Una Jónsdóttir', email }),
  )
  return String(id)
}

/** Somebody who has come with a code on paper and chosen a password. */
export async function settled(service: TestIdentity): Promise<string> {
  const id = await invited(service)
  const { code } = right(await askerAt(service, chief).send('POST', `${base}/users/${id}/paper-code`))
  const browser = createBrowser(service.origin)
  const asked = await browser.submit(await (await browser.go('/activate')).text(), 'activation-code', {
    code: String(code),
  })
  const page = await (await browser.go(asked.headers.get('location') ?? '')).text()
  const done = await browser.submit(page, 'activate', { password: chosen })
  assert.equal(await told(browser, done), '/sign-in: done.activated')
  return id
}

export async function shut(service: TestIdentity, status: 'suspended' | 'banned'): Promise<string> {
  const id = await settled(service)
  await setStatus(service, id, status)
  return id
}

const setStatus = async (service: TestIdentity, id: string, status: string) =>
  right(
    await askerAt(service, chief).send('POST', `${base}/users/${id}/status`, { status, reason: 'As asked.' }),
  )

export function accountsThings(service: TestIdentity): Things {
  const at = (id: string): Thing => ({ params: { id } })
  /** Oneself is somebody who is signed in, and so active. */
  const others = (make: () => Promise<string>) => async (_: Asker, whose: string) =>
    whose === 'others' ? at(await make()) : null
  const enrolled = async (made: Promise<string>) => {
    const id = await made
    await service.kit.database.query(
      `insert into passkey (id, account, public_key, counter, transports, name, synced, created_at)
       values ($1, $1, '', 0, '{}', 'A key', false, now())`,
      [id],
    )
    return id
  }
  return {
    name: 'account',
    service,
    look: `${base}/users/:id`,
    notItsOwn: ['isOneself'],
    whose: ['others', 'own'],
    asker: async (who) =>
      askerAt(service, who, who.kind === 'person' ? { subject: await settled(service) } : {}),
    make: {
      invited: others(() => enrolled(invited(service))),
      active: async ({ caller }, whose) => {
        if (whose === 'others') return at(await enrolled(settled(service)))
        return caller.kind === 'person' ? at(caller.subject) : null
      },
      suspended: others(() => enrolled(shut(service, 'suspended'))),
      banned: others(() => enrolled(shut(service, 'banned'))),
      none: others(async () => `acc_${nobodys}`),
    },
    sent: {
      [`POST ${base}/users/:id/status`]: () => ({ body: { status: 'suspended', reason: 'As asked.' } }),
      [`POST ${base}/users/:id/status with active`]: () => ({ body: { status: 'active' } }),
      [`POST ${base}/users/:id/reset-factors`]: () => ({ body: { reason: 'As asked.' } }),
      [`POST ${base}/users/:id/roles`]: () => ({
        body: { roles: ['election-manager'], reason: 'As asked.' },
      }),
    },
  }
}

export function applicationsThings(service: TestIdentity, { because }: Mailbox): Things {
  const path = `${base}/applications`
  async function applied(more: Readonly<Record<string, string>> = {}): Promise<{ id: string; link: string }> {
    made += 1
    const email = `applicant${made}@example.org`
    const browser = createBrowser(service.origin)
    const mail = await because(async () => {
      const page = await (await browser.go('/register')).text()
      await browser.submit(page, 'register', {
        name: 'Ada Jónsdóttir',
        email,
        birth_date: '1990-05-17',
        terms: 'on',
        ...more,
      })
    }, email)
    return { id: await idOf(email, 'unconfirmed'), link: linkIn(mail) }
  }
  async function idOf(email: string, state: string): Promise<string> {
    const { applications } = right(
      await askerAt(service, chief).send('GET', `${path}?state=${state}&limit=200`),
    ) as unknown as { applications: { id: string; email: string }[] }
    return applications.find((one) => one.email === email)?.id ?? assert.fail(`${email} has not applied.`)
  }
  async function waiting(more?: Readonly<Record<string, string>>): Promise<Thing> {
    const { id, link } = await applied(more)
    const browser = createBrowser(service.origin)
    await browser.submit(await (await browser.go(link)).text(), 'confirm', {})
    return { params: { id } }
  }
  async function decided(verb: string, body?: unknown): Promise<Thing> {
    const one = await waiting()
    right(await askerAt(service, chief).send('POST', `${path}/${one.params['id']}/${verb}`, body))
    return one
  }
  return {
    name: 'application',
    service,
    look: `${path}/:id`,
    make: {
      unconfirmed: async () => ({ params: { id: (await applied()).id } }),
      guardian: () => waiting({ birth_date: childsBirthday(), guardian_email: 'guardian@example.org' }),
      waiting: () => waiting(),
      approved: () => decided('approve'),
      rejected: () => decided('reject', { reason: 'Not one of us.' }),
      none: async () => ({ params: { id: `app_${nobodys}` } }),
    },
    sent: { [`POST ${path}/:id/reject`]: () => ({ body: { reason: 'Not one of us.' } }) },
  }
}

const childsBirthday = () => `${new Date().getFullYear() - 12}-05-17`
