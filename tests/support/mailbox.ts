/** A mailbox over the wire, as the demonstration has one: what was sent, and the next that comes. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after } from 'node:test'
import { until } from '@althing/kernel/testing'

export interface Mail {
  readonly to: string
  readonly subject: string
  readonly text: string
}

/** Until all is sent that was to be sent, in jobs of these names. */
export async function lettersAreOut(
  database: { query(sql: string, values: readonly unknown[]): Promise<readonly unknown[]> },
  ...jobs: readonly string[]
): Promise<void> {
  const names = ['identity.notice', ...jobs]
  const left = 'select from graphile_worker.jobs where task_identifier = any($1)'
  await until(async () => (await database.query(left, [names])).length === 0, 'letters that are left')
}

export async function testMailbox() {
  const mails: Mail[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => (body += chunk.toString()))
    request.on('end', () => {
      mails.push(JSON.parse(body) as Mail)
      response.writeHead(202).end('{}')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  after(() => server.close())
  server.unref()

  /** What comes because of this, to one address where others get mail too; fails when nothing does. */
  async function because(work: () => Promise<unknown>, to?: string): Promise<Mail> {
    const before = mails.length
    await work()
    const mine = () => mails.slice(before).find((one) => to === undefined || one.to === to)
    return until(mine, `a letter to ${to ?? 'anybody'}`)
  }

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/outbox`,
    mails,
    because,
  }
}

/** The first address in a mail. */
export const linkIn = ({ text }: Mail): string => /https?:\S+/.exec(text)?.[0] ?? ''
