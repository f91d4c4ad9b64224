import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { fromBase64url, sha256, toBase64url } from '@althing/kernel/crypto'
import {
  collectTicket,
  createBlindSigner,
  pendingTicket,
  requestTicket,
  signOnce,
} from '@althing/kernel/tickets'
import { ballot, code, electionOf, issuing, json, ok, testBox } from '../../../tests/support/elections.ts'
import { castInput, type Cast } from '../contract.ts'

test('the same ballot gets the same receipt, before the end and after it', async () => {
  const { opened, voter, cast, close } = await testBox()
  const { id } = await opened()
  const paper = await (await voter(id)).ballot({ q1: ['a1'] })
  const first = await json(await cast(id, paper))
  assert.deepEqual(await json(await cast(id, paper)), first)
  await close(id)
  assert.deepEqual(await json(await cast(id, paper)), first)
})

test('another ballot under the same number is refused, one with a higher number is taken, an older one may still come', async () => {
  const { opened, voter, cast } = await testBox()
  const { id } = await opened()
  const own = await voter(id)
  await ok(cast(id, await own.ballot({ q1: ['a1'] }, 2)))
  assert.equal(await code(cast(id, await own.ballot({ q1: ['a2'] }, 2))), '409 elections.ballots.conflict')
  await ok(cast(id, await own.ballot({ q1: ['a2'] }, 3)))
  await ok(cast(id, await own.ballot({ q1: ['a3'] }, 1)))
})

test('an election takes ballots while it is open, and each other state says so itself', async () => {
  const { opened, draft, voter, cast, admin, close, tally, quiet } = await testBox()
  const { id } = await opened()
  const paper = await (await voter(id)).ballot({ q1: ['a1'] })
  const refusal = () => code(cast(id, paper))
  await ok(admin('POST', `/${id}/pause`, {}))
  assert.equal(await refusal(), '403 elections.ballots.paused')
  await ok(admin('POST', `/${id}/resume`, {}))
  await ok(admin('POST', `/${id}/hide`, {}))
  assert.equal(await refusal(), '404 elections.ballots.unknown')
  assert.equal((await quiet('GET', `/board/${id}/checkpoint`)).status, 404)
  await ok(admin('POST', `/${id}/unhide`, {}))
  await close(id)
  assert.equal(await refusal(), '403 elections.ballots.closed')
  await ok(tally(id))
  assert.equal(await refusal(), '403 elections.ballots.tallied')
  assert.equal(await code(cast((await draft()).id, paper)), '404 elections.ballots.unknown')
  assert.equal(
    await code(cast('0f3b6a52-3f7e-4b1c-9b7e-1f0a3f1f0c11', paper)),
    '404 elections.ballots.unknown',
  )
  assert.equal(await code(cast('not-an-id', paper)), '400 kernel.http.invalid')
  const cancelled = await opened()
  await ok(admin('POST', `/${cancelled.id}/cancel`, {}))
  assert.equal(await code(cast(cancelled.id, paper)), '403 elections.ballots.cancelled')
  const later = await opened({ scheduled_start: new Date(Date.now() + 60_000).toISOString() })
  assert.equal(later.status, 'published')
  assert.equal(await code(cast(later.id, paper)), '403 elections.ballots.not_open')
})

test('a forged, a foreign and a re-signed ticket are refused, each in its own words', async () => {
  const { opened, voter, cast, manifestOf, admin } = await testBox()
  const { id } = await opened()
  const other = await opened()
  const own = await voter(id)
  const paper = await own.ballot({ q1: ['a1'] })

  const forged = { ...paper, ticket: toBase64url(new Uint8Array(randomBytes(384))) }
  assert.equal(await code(cast(id, forged)), '403 elections.ballots.forged')
  const otherPrefix = { ...paper, prefix: toBase64url(new Uint8Array(32)) }
  assert.equal(await code(cast(id, otherPrefix)), '403 elections.ballots.forged')
  assert.equal(await code(cast(other.id, paper)), '403 elections.ballots.foreign')
  // Its own election may rest meanwhile.
  await ok(admin('POST', `/${id}/pause`, {}))
  assert.equal(await code(cast(other.id, paper)), '403 elections.ballots.foreign')
  await ok(admin('POST', `/${id}/resume`, {}))

  // Somebody saw the ticket on its way and signs a ballot with a key of their own.
  const thief = await voter(id)
  const signed = await manifestOf(id)
  const stolen = { ...own.ticket, oneTimeKey: thief.ticket.oneTimeKey }
  assert.equal(
    await code(cast(id, await ballot({ signed, ticket: stolen, answers: { q1: ['a2'] }, seq: 1 }))),
    '403 elections.ballots.resigned',
  )
  // … or changes what was sealed.
  const mixed = { ...paper, ct: (await thief.ballot({ q1: ['a3'] })).ct }
  assert.equal(await code(cast(id, mixed)), '403 elections.ballots.resigned')
  await ok(cast(id, paper))
})

test('what is not sealed as the manifest asks is refused, and nothing of it is stored', async () => {
  const { opened, voter, cast, service } = await testBox()
  const { id } = await opened()
  const paper = await (await voter(id)).ballot({ q1: ['a1'] })
  const refusals: readonly [Partial<Cast>, string][] = [
    [
      { ct: toBase64url(Uint8Array.from([...fromBase64url(paper.ct), 0])) },
      '422 elections.ballots.unsealable',
    ],
    [{ ct: toBase64url(fromBase64url(paper.ct).slice(1)) }, '422 elections.ballots.unsealable'],
    [{ ct: 'A'.repeat(30_000) }, '400 kernel.http.invalid'],
    [{ ct: 'A'.repeat(70_000) }, '413 kernel.http.too_large'],
    [{ enc: toBase64url(new Uint8Array(65).fill(4)) }, '422 elections.ballots.unsealable'],
    [
      { enc: toBase64url(Uint8Array.from([2, ...fromBase64url(paper.enc).subarray(1)])) },
      '422 elections.ballots.unsealable',
    ],
    [{ slot: '2' }, '422 elections.ballots.unknown_place'],
    [{ class: 'half' }, '422 elections.ballots.unknown_place'],
    [{ otk: `${paper.otk.slice(0, -1)}_` }, '400 elections.ballots.malformed'],
    [{ seq: 0 }, '400 kernel.http.invalid'],
    [{ seq: 2 }, '403 elections.ballots.resigned'],
    [{ name: 'Ada' } as Partial<Cast>, '400 kernel.http.invalid'],
  ]
  for (const [change, refused] of refusals)
    assert.equal(await code(cast(id, { ...paper, ...change })), refused, JSON.stringify(change).slice(0, 80))
  assert.equal(await code(cast(id, [])), '400 kernel.http.invalid')
  assert.deepEqual(await service.kit.database.query('select count(*) as n from ballot_intake'), [{ n: 0 }])
})

test('one ticket stands for one ballot paper: its key cannot vote in another place', async () => {
  const { service, draft, admin, manifestOf, cast } = await testBox()
  const { id } = await draft()
  await ok(admin('POST', `/${id}/open`, {}))
  const { publicKey, pkcs8 } = await issuing
  const one = { weight: 1, entitled: 9, issuing_key: publicKey }
  const slots = [
    {
      id: '1',
      classes: [
        { id: 'a', ...one },
        { id: 'b', ...one },
      ],
    },
  ]
  await ok(
    service.asService('events', 'PUT', `/internal/elections/${id}/issuance`, {
      kind: 'ready',
      roll_root: toBase64url(sha256(new Uint8Array())),
      slots,
    }),
  )
  const signed = await manifestOf(id)
  const manifestHash = fromBase64url(signed.hash)
  const ticketFor = async (group: string) => {
    const pending = pendingTicket(
      new Uint8Array(32).fill(9),
      { manifestHash, slot: '1', class: group },
      publicKey,
    )
    return collectTicket(pending, createBlindSigner(pkcs8).blindSign((await requestTicket(pending)).blinded))
  }
  const [a, b] = [await ticketFor('a'), await ticketFor('b')]
  assert.notDeepEqual(a.otk, b.otk) // The booth mixes the place into the key; somebody who does not is stopped by the box.
  await ok(cast(id, await ballot({ signed, ticket: a, answers: {}, seq: 1 })))
  await ok(cast(id, await ballot({ signed, ticket: b, answers: {}, seq: 1 })))
  const { createIntakeStore } = await import('./store.ts')
  const intake = createIntakeStore(service.kit.database)
  const row = (place: number, seq: number) => ({
    burn: new Uint8Array(32),
    place: Uint8Array.of(place),
    row: Uint8Array.of(seq),
    digest: Uint8Array.of(place, seq),
    sealed: Uint8Array.of(1),
  })
  const election = (await electionOf(await admin('GET', `/${id}`))).id
  assert.deepEqual(await intake.store(election, [row(1, 1)]), ['kept'])
  assert.deepEqual(await intake.store(election, [row(2, 2), row(1, 1), row(1, 2)]), [
    'other place',
    'same',
    'kept',
  ])
})

test('a re-made signature over the same ballot is another ballot', async () => {
  const { opened, voter, cast, manifestOf } = await testBox()
  const { id } = await opened()
  const own = await voter(id)
  const paper = await own.ballot({ q1: ['a1'] })
  await ok(cast(id, paper))
  const hash = fromBase64url((await manifestOf(id)).hash)
  const again = await signOnce(
    own.ticket.oneTimeKey,
    castInput(hash, { ...paper, enc: fromBase64url(paper.enc), ct: fromBase64url(paper.ct) }),
  )
  assert.equal(await code(cast(id, { ...paper, sig: toBase64url(again) })), '409 elections.ballots.conflict')
})

test('who comes when the box is full is asked to come back', async () => {
  const { opened, voter, cast } = await testBox({ env: { ALTHING_ELECTIONS_CAST_BACKLOG: '1' } })
  const { id } = await opened()
  const papers = await Promise.all(
    Array.from({ length: 6 }, async () => (await voter(id)).ballot({ q1: [] })),
  )
  const answers = await Promise.all(papers.map((paper) => cast(id, paper)))
  const refused = answers.filter(({ status }) => status === 503)
  assert.ok(refused.length > 0 && refused.length < 6)
  assert.ok(Number(refused[0]?.headers.get('retry-after')) > 0)
})
