import assert from 'node:assert/strict'
import { test } from 'node:test'
import { anonymousRoute, createQuietServer, route } from '@althing/kernel/http'
import { createLog, silentLog } from '@althing/kernel/telemetry'
import { z } from 'zod'
import { elections } from '../../services/elections/service.ts'
import { testService } from '../support/service.ts'

test('every route of the ballot origin is anonymous', async () => {
  const service = await testService(elections)
  const routes = service.assembled.quiet?.routes ?? []
  assert.ok(routes.length > 5)
  assert.deepEqual(
    routes.filter(({ kind }) => kind !== 'anonymous').map(({ path }) => path),
    [],
  )
})

test('every route under elections/ballots is anonymous, wherever it is declared', async () => {
  const service = await testService(elections)
  const all = [...service.assembled.routes, ...(service.assembled.quiet?.routes ?? [])]
  const casting = all.filter(({ path }) => path.includes('/ballots'))
  assert.ok(casting.length > 0)
  assert.ok(casting.every(({ kind }) => kind === 'anonymous'))
  assert.deepEqual(
    service.assembled.routes.filter(({ path }) => path.includes('/ballots')),
    [],
  )
})

test('the quiet server refuses a route that is not anonymous', () => {
  const loud = route({ method: 'GET', path: '/loud', access: 'public', reply: z.object({}) }, () => ({}))
  assert.throws(() => createQuietServer({ routes: [loud], log: silentLog }), /is not anonymous/)
})

test('an anonymous handler sees path and body and nothing else, and leaves no line in the log', async () => {
  const lines: string[] = []
  const seen: unknown[] = []
  const quiet = anonymousRoute(
    {
      path: '/cast/:slot',
      params: z.object({ slot: z.string() }),
      body: z.strictObject({ a: z.number() }),
      reply: z.object({ ok: z.boolean() }),
    },
    (input) => (seen.push(input), { ok: true }),
  )
  const broken = anonymousRoute({ path: '/broken', body: z.unknown(), reply: z.object({}) }, () => {
    throw new Error('broken on purpose')
  })
  const log = createLog({
    service: 'test',
    quiet: true,
    destination: { write: (line) => void lines.push(line) },
  })
  const server = createQuietServer({ routes: [quiet, broken], log })
  const headers = {
    'content-type': 'application/json',
    cookie: 'althing=secret',
    'user-agent': 'Spy/1',
    'x-correlation-id': 'trace-me',
    'x-forwarded-for': '203.0.113.9',
    authorization: 'Bearer x',
    traceparent: '00-abc',
  }
  const answer = await server.fetch(
    new Request('http://ballots/cast/1', { method: 'POST', headers, body: '{"a":1}' }),
  )
  assert.equal(answer.status, 200)
  assert.deepEqual(seen, [{ params: { slot: '1' }, body: { a: 1 } }])
  assert.deepEqual(
    [...answer.headers.keys()].filter(
      (name) => name.startsWith('set-cookie') || name.includes('correlation'),
    ),
    [],
  )
  assert.deepEqual(lines, [])
  await server.fetch(
    new Request('http://ballots/broken', { method: 'POST', headers, body: '{"a":"needle"}' }),
  )
  assert.equal(lines.length, 1)
  assert.doesNotMatch(lines.join(), /secret|Spy|trace-me|203\.0\.113|needle|\/broken/)
})

test('an origin that is reached by https stays with it, the ballot origin too', async () => {
  const said = async (url: string) => {
    const service = await testService(elections, { env: { ALTHING_URL: url } })
    const answer = await service.fetchQuiet(new Request('http://ballots/api/elections'))
    return answer.headers.get('strict-transport-security')
  }
  assert.equal(await said('https://felag.example'), 'max-age=31536000')
  assert.equal(await said('http://localhost:8080'), null)
})
