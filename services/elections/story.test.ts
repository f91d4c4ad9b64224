import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { fromBase64url, hpkeOpen, sha256, toBase64url, utf8 } from '@althing/kernel/crypto'
import { leafHash, openCheckpoint, openNote, rootOfLeaves, verifyTlogProof } from '@althing/kernel/merkle'
import { verifyOnceSync, verifyTicket } from '@althing/kernel/tickets'
import { code, electionOf, json, officer, ok, sealing, testBox } from '../../tests/support/elections.ts'
import {
  BoardEntry,
  boardOrigin,
  Bundle,
  castInput,
  decodeChoice,
  promiseText,
  Receipt,
  sealingAad,
  sealingInfo,
  words,
} from './contract.ts'

test('from a draft to a count that anybody can repeat', async () => {
  // No step of the turnout comes while people vote, however long that takes here.
  const env = { ALTHING_ELECTIONS_TURNOUT_SECONDS: '3600' }
  const { admin, quiet, draft, issue, manifestOf, voter, cast, close, tally, folder, service } =
    await testBox({ env })
  const made = await draft()
  assert.equal(made.status, 'draft')
  assert.deepEqual(
    made.questions[0]?.options.map(({ id }) => id),
    ['a1', 'a2', 'a3'],
  )
  assert.equal(await code(quiet('GET', `/api/elections/${made.id}`)), '404 elections.catalogue.unknown')

  // The officer opens; events answers; opening again changes nothing.
  assert.equal((await electionOf(await admin('POST', `/${made.id}/open`, {}))).publication, 'pending')
  assert.equal((await electionOf(await admin('POST', `/${made.id}/open`, {}))).publication, 'pending')
  const asked = await service.kit.database.query(
    `select topic from outbox_message where recipient = 'events'`,
  )
  assert.deepEqual(asked, [{ topic: 'elections.roll_requested' }])
  assert.deepEqual(await ok(issue(made.id)), { accepted: true })
  assert.deepEqual(await ok(issue(made.id)), { accepted: true })
  const open = await electionOf(await admin('POST', `/${made.id}/open`, {}))
  assert.deepEqual([open.status, open.publication, open.fingerprint?.length], ['open', 'done', 6])
  assert.ok(existsSync(join(folder, `${made.id}.key`)))

  // Six vote, one of them twice.
  const voters = await Promise.all(Array.from({ length: 6 }, () => voter(made.id)))
  const choices = [['a1'], ['a1'], ['a1'], ['a2'], [], ['a2']]
  const receipts = await Promise.all(
    voters.map(async ({ ballot }, index) =>
      Receipt.parse(await json(await cast(made.id, await ballot({ q1: choices[index] ?? [] })))),
    ),
  )
  await ok(cast(made.id, await voters[5]?.ballot({ q1: ['a1'] }, 2)))
  const signed = await manifestOf(made.id)
  const key = {
    name: boardOrigin('localhost:8081', made.id),
    publicKey: fromBase64url(signed.manifest.log_key),
  }
  for (const { leaf, note, words: spoken } of receipts) {
    assert.equal((await openNote(note, [key]))?.text, promiseText(made.id, leaf))
    assert.deepEqual(spoken, words(fromBase64url(leaf), 4))
  }
  assert.equal((await electionOf(await admin('GET', `/${made.id}`))).turnout.voted, 0)
  assert.equal(
    await code(quiet('GET', `/api/elections/${made.id}/results`)),
    '403 elections.tally.not_closed',
  )

  // Voting ends; the key of the box is gone, the board is whole, the officer's key is still needed.
  const closed = await electionOf(await close(made.id))
  assert.deepEqual([closed.status, closed.turnout], ['closed', { entitled: 20, voted: 6, exact: true }])
  assert.ok(!existsSync(join(folder, `${made.id}.key`)))
  assert.equal(
    await code(quiet('GET', `/api/elections/${made.id}/results`)),
    '403 elections.tally.key_not_released',
  )
  assert.equal(await code(admin('GET', `/${made.id}/results`)), '403 elections.tally.key_not_released')
  assert.equal(
    await code(admin('POST', `/${made.id}/tally`, { private_key: toBase64url(new Uint8Array(32).fill(1)) })),
    '422 elections.tally.wrong_key',
  )
  await ok(
    service.asService('events', 'PUT', `/internal/elections/${made.id}/issued`, {
      issued: [{ slot: '1', class: 'full', issued: 7 }],
    }),
  )
  assert.equal((await electionOf(await tally(made.id))).status, 'tallied')
  assert.equal((await electionOf(await tally(made.id))).status, 'tallied')

  const result = (await json(await admin('GET', `/${made.id}/results`))) as Record<string, unknown>
  assert.deepEqual([result['total_votes'], result['winner']], [6, { answer_id: 'a1', text: { is: 'Ása' } }])
  const bundle = Bundle.parse(await json(await quiet('GET', `/api/elections/${made.id}/bundle`)))
  assert.deepEqual(bundle.issued, [{ slot: '1', class: 'full', issued: 7 }])
  await recount(bundle, signed, key, choices.with(5, ['a1']))

  // Each receipt's leaf stands on the board, provably.
  for (const { leaf } of receipts) {
    const proof = await (await quiet('GET', `/board/${made.id}/proof/${leaf}`)).text()
    assert.ok((await verifyTlogProof(proof, fromBase64url(leaf), key.name, [key])) !== null)
  }
  assert.equal((await quiet('GET', `/board/${made.id}/tile/0/000.p/9`)).status, 200)
  assert.equal((await quiet('GET', `/board/${made.id}/tile/entries/000.p/9`)).status, 200)
  assert.equal((await quiet('GET', `/board/${made.id}/tile/0/000.p/10`)).status, 404)
  const audit = await service.kit.audit.search({})
  assert.ok(
    audit.some(
      ({ action, actor }) => action === 'elections.tallied' && actor === `person:${officer.subject}`,
    ),
  )
})

/** A second way to the count, with nothing of the service's own code but the shapes. */
async function recount(
  bundle: ReturnType<typeof Bundle.parse>,
  signed: { hash: string },
  key: { name: string; publicKey: Uint8Array },
  choices: readonly string[][],
) {
  const hash = fromBase64url(signed.hash)
  const leaves = bundle.entries.map((entry) => leafHash(utf8(entry)))
  const head = await openCheckpoint(bundle.checkpoint, key.name, [key])
  assert.deepEqual(
    [head?.size, toBase64url(head?.root ?? new Uint8Array())],
    [leaves.length, toBase64url(await rootOfLeaves(leaves))],
  )
  const entries = bundle.entries.map((entry) => BoardEntry.parse(JSON.parse(entry)))
  assert.equal(entries[0]?.type, 'manifest')
  assert.deepEqual(entries.at(-1), { type: 'close', election: bundle.result.election, ballots: 7 })
  const last = new Map<string, { seq: number; chosen: readonly string[] }>()
  for (const entry of entries) {
    if (entry.type !== 'ballot') continue
    const { cast } = entry
    const [otk, enc, ct] = [fromBase64url(cast.otk), fromBase64url(cast.enc), fromBase64url(cast.ct)]
    const issuingKey =
      entries[0]?.type === 'manifest' ? entries[0].manifest.slots[0]?.classes[0]?.issuing_key : undefined
    assert.ok(issuingKey !== undefined)
    assert.ok(
      await verifyTicket(issuingKey, hash, {
        slot: cast.slot,
        class: cast.class,
        otk,
        prefix: fromBase64url(cast.prefix),
        signature: fromBase64url(cast.ticket),
      }),
    )
    assert.ok(verifyOnceSync(otk, castInput(hash, { ...cast, enc, ct }), fromBase64url(cast.sig)))
    const plaintext = await hpkeOpen({
      privateKey: fromBase64url(bundle.private_key),
      info: sealingInfo(hash),
      aad: sealingAad({ ...cast, nullifier: sha256(otk) }),
      enc,
      ciphertext: ct,
    })
    const chosen = decodeChoice(plaintext ?? new Uint8Array())?.answers['q1'] ?? []
    if ((last.get(cast.otk)?.seq ?? 0) < cast.seq) last.set(cast.otk, { seq: cast.seq, chosen })
  }
  const counted = [...last.values()].map(({ chosen }) => chosen.join()).sort()
  assert.deepEqual(counted, choices.map((chosen) => chosen.join()).sort())
  assert.deepEqual(bundle.result.questions, [
    {
      id: 'q1',
      options: [
        { id: 'a1', votes: 4, percentage: 66.67 },
        { id: 'a2', votes: 1, percentage: 16.67 },
        { id: 'a3', votes: 0, percentage: 0 },
      ],
      blank: 1,
      voters: 6,
      winners: ['a1'],
    },
  ])
  assert.deepEqual([bundle.result.ballots, bundle.result.superseded, bundle.result.invalid], [6, 1, []])
  assert.equal(bundle.private_key, toBase64url((await sealing).privateKey))
}
