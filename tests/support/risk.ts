/** What stands around a story of risk: a table of places, a list of breached passwords, a place for alerts, and lines of who tried. */
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import { createBrowser, type Browser, type TestIdentity } from './identity.ts'

export function browserFrom(service: TestIdentity, address: string): Browser {
  return createBrowser(service.origin, (url, init) => {
    const headers = new Headers(init?.headers)
    headers.set('x-forwarded-for', address)
    return fetch(url, { ...init, headers })
  })
}

export const strangerId = (n: number) => `acc_00000000-0000-7000-8000-${String(n).padStart(12, '0')}`

export type Line = (
  n: number,
) => readonly [account: string | null, network: string, result: string, reason: string | null]

/** Lines of who came and who tried, a minute ago. */
export async function addLines(service: TestIdentity, count: number, line: Line): Promise<void> {
  for (let n = 0; n < count; n += 1) {
    const [who, network, result, reason] = line(n)
    if (who !== null)
      await service.kit.database.query(
        `insert into account (id, name, status) values ($1, 'Somebody', 'active') on conflict do nothing`,
        [who],
      )
    await service.kit.database.query(
      `insert into login_event (id, at, account, method, result, reason, network, device)
       values ('lgn_' || gen_random_uuid(), now() - interval '1 minute', $1, 'password', $3, $4, $2, '?')`,
      [who, network, result, reason],
    )
  }
}

export function placesFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'althing-places-'))
  after(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'places.csv')
  writeFileSync(file, '192.0.2.0/24,IS,64.1,-21.9\n198.51.100.0/24,JP,35.7,139.7\n')
  return file
}

export function sha1(text: string): string {
  return createHash('sha1').update(text).digest('hex').toUpperCase()
}

/** A list of breached passwords, asked by the first five characters. */
export async function breachList() {
  const list = { url: '', listed: new Set<string>(), fails: false }
  const server = createServer((request, response) => {
    const prefix = (request.url ?? '').slice(-5)
    const found = [...list.listed].map(sha1).filter((hash) => hash.startsWith(prefix))
    response.writeHead(list.fails ? 503 : 200).end(found.map((hash) => `${hash.slice(5)}:7`).join('\r\n'))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  after(() => server.close())
  server.unref()
  list.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/range/`
  return list
}

/** Takes the connection and says nothing. */
export async function silence(): Promise<string> {
  const server = createServer(() => {})
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  after(() => (server.closeAllConnections(), server.close()))
  server.unref()
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`
}
