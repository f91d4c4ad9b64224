import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Cast, Manifest } from '@althing/elections/contract'
import { p256PublicKey, toBase64url } from '@althing/kernel/crypto'
import { oneTimeKey } from '@althing/kernel/tickets'
import { Refused, Unanswered } from '@althing/web-ui/dom/http.ts'
import { deliver, prepare, seal } from './casting.ts'
import { arrive, type Place, type Places } from './place.ts'

const choice = { answers: { q1: ['a'] } }

test('the same choice under the same number seals to the same bytes; another choice shares no key with it', async () => {
  const { paper, place } = await setUp()
  const crossing = place.ticket
  assert.ok(crossing)
  const [first, again, other] = await Promise.all([
    seal(paper, crossing, choice, 1),
    seal(paper, crossing, choice, 1),
    seal(paper, crossing, { answers: { q1: [] } }, 1),
  ])
  assert.equal(first.ct, again.ct)
  assert.equal(first.enc, again.enc)
  assert.notEqual(first.enc, other.enc)
})

test('what is sent lies on the device before it is sent, and is sent again as it is', async () => {
  const { paper, place, needs, kept, sent, answer } = await setUp()
  const ready = await prepare(place, paper, choice, needs)
  assert.deepEqual(kept()?.waiting, ready.waiting)
  answer(new Unanswered())
  const unknown = await deliver(ready, paper, needs)
  assert.equal(unknown.kind, 'unknown')
  await deliver(unknown.place, paper, needs)
  assert.equal(sent.length, 2)
  assert.deepEqual(sent[0], sent[1])
})

test('a busy box leaves everything as it is; a taken number asks for the next', async () => {
  const { paper, place, needs, answer } = await setUp()
  const ready = await prepare(place, paper, choice, needs)
  answer(new Refused(503, 'elections.ballots.unavailable', ''))
  assert.equal((await deliver(ready, paper, needs)).kind, 'unknown')
  answer(new Refused(409, 'elections.ballots.conflict', ''))
  const taken = await deliver(ready, paper, needs)
  assert.equal(taken.kind, 'number taken')
  assert.deepEqual([taken.place.seq, taken.place.waiting], [2, null])
})

test('after a first silence, "voting is over" does not prove that nothing had arrived', async () => {
  const { paper, place, needs, answer } = await setUp()
  const ready = await prepare(place, paper, choice, needs)
  const closed = new Refused(403, 'elections.ballots.closed', '')
  answer(closed)
  assert.equal((await deliver(ready, paper, needs)).place.waiting, null)
  answer(new Unanswered())
  const unknown = await deliver(ready, paper, needs)
  answer(closed)
  const after = await deliver(unknown.place, paper, needs)
  assert.equal(after.kind, 'refused')
  assert.deepEqual(after.place.waiting, ready.waiting)
})

test('a receipt that is not about exactly this ballot is none', async () => {
  const { paper, place, needs, kept, answer } = await setUp()
  const ready = await prepare(place, paper, choice, needs)
  answer({ election: paper.manifest.election, leaf: 'x'.repeat(43), note: '', words: ['a', 'b', 'c', 'd'] })
  assert.equal((await deliver(ready, paper, needs)).kind, 'false receipt')
  assert.deepEqual(kept()?.waiting, ready.waiting)
})

async function setUp() {
  const key = await oneTimeKey(new Uint8Array(32).fill(9))
  const crossing = {
    election: '00000000-0000-4000-8000-000000000000',
    manifestHash: toBase64url(new Uint8Array(32)),
    slot: '1',
    class: 'full',
    otk: toBase64url(key.publicKey),
    prefix: 'p'.repeat(43),
    ticket: 't'.repeat(512),
    key: toBase64url(key.privateKey),
    seal: toBase64url(new Uint8Array(32).fill(3)),
  }
  const manifest = {
    election: crossing.election,
    origin: 'http://localhost:8081',
    padded_bytes: 64,
    sealing_key: toBase64url(p256PublicKey(new Uint8Array(32).fill(5))),
    log_key: toBase64url(new Uint8Array(32)),
  } as unknown as Manifest
  const shelf = new Map<string, Place>()
  const sent: Cast[] = []
  let next: unknown = new Unanswered()
  const places: Places = {
    get: async (name) => shelf.get(name),
    all: async () => [...shelf.values()],
    put: async (name, value) => void shelf.set(name, value),
    remove: async (name) => void shelf.delete(name),
  }
  return {
    paper: { manifest, hash: new Uint8Array(32), signed: true },
    place: arrive(undefined, crossing),
    needs: {
      places,
      send: async (_: string, cast: Cast) => {
        sent.push(cast)
        if (next instanceof Error) throw next
        return next as never
      },
    },
    kept: () => shelf.get(crossing.election),
    sent,
    answer: (given: unknown) => {
      next = given
    },
  }
}
