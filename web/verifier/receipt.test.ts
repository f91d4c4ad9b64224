import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { before, test } from 'node:test'
import { signingKey } from '@althing/kernel/crypto'
import { signNote } from '@althing/kernel/merkle'
import { promiseText } from '@althing/elections/contract'
import { fileOf, rebuilt, wholeElection, type Election } from '../../tests/support/elections-bundle.ts'
import { findReceipt } from './check/receipt.ts'
import { verifyBundle, type Verdict } from './check/verify.ts'

let election: Election
let verdict: Verdict
before(async () => {
  election = await wholeElection()
  verdict = await verifyBundle(fileOf(election.text))
})

const receiptOf = (voter: number, time = 0) => {
  const receipt = election.receipts[voter]?.[time]
  assert.ok(receipt)
  return receipt
}
/** As web/booth/receipt-file.ts writes it. */
const savedFile = (voter: number) => {
  const { words, leaf, note } = receiptOf(voter)
  const lines = ['Kvittun', '', 'Atkvæðagreiðsla: Aðalfundur', `Orð: ${words.join(' ')}`, `Lauf: ${leaf}`]
  return [...lines, 'Yfirfara hér: https://x.is/vote/1#receipt', '', 'Undirritað:', note].join('\n')
}

test('a ballot is found by its words, its leaf, and the file that the booth saved', async () => {
  const { words, leaf } = receiptOf(0)
  for (const given of [words.join(' '), ` ${words.join(' - ').toUpperCase()}\n`, leaf])
    assert.partialDeepStrictEqual(await findReceipt(verdict, given), {
      kind: 'found',
      leaf,
      signed: false,
      state: 'counted',
    })
  for (const file of [savedFile(0), savedFile(0).replaceAll('\n', '\r\n'), savedFile(0).trim()])
    assert.partialDeepStrictEqual(await findReceipt(verdict, file), { kind: 'found', leaf, signed: true })
})

test('a vote that was replaced is on the board and says so; one that is no vote too', async () => {
  const state = async (voter: number, time = 0) => {
    const found = await findReceipt(verdict, receiptOf(voter, time).leaf)
    return found.kind === 'found' && found.state
  }
  assert.deepEqual(await Promise.all([state(8, 0), state(8, 1), state(8, 2), state(9)]), [
    'replaced',
    'replaced',
    'counted',
    'invalid',
  ])
})

test('a promise that was not kept proves who is guilty', async () => {
  const { leaf } = receiptOf(0)
  const others = election.proof.entries.slice(1, -1).filter((entry) => !entry.includes(castOf(leaf)))
  const other = await verifyBundle(fileOf({ ...(await rebuilt(election, others)) }))
  assert.ok(other.ok)
  assert.deepEqual(await findReceipt(other, savedFile(0)), { kind: 'absent', signed: true })
  assert.deepEqual(await findReceipt(other, leaf), { kind: 'absent', signed: false })
})

test('a forged receipt, one of another election, and what is none', async () => {
  const { leaf } = receiptOf(0)
  const key = { name: election.signer.name, ...signingKey(randomBytes(32)) }
  const forged = await signNote(promiseText(election.id, leaf), key)
  const altered = savedFile(0).replaceAll(leaf, receiptOf(1).leaf)
  for (const receipt of [forged, altered])
    assert.deepEqual(await findReceipt(verdict, receipt), { kind: 'forged' })
  const elsewhere = await signNote(promiseText('00000000-0000-4000-8000-000000000000', leaf), election.signer)
  assert.deepEqual(await findReceipt(verdict, elsewhere), { kind: 'other election' })
  for (const absent of ['babab babab babab babab', 'A'.repeat(43)])
    assert.deepEqual(await findReceipt(verdict, absent), { kind: 'absent', signed: false })
  for (const none of ['', 'babab', 'one two three four five', 'x'.repeat(43)])
    assert.deepEqual(await findReceipt(verdict, none), { kind: 'unreadable' })
})

/** The one-time key of the ballot with this leaf. */
function castOf(leaf: string): string {
  const at = verdict.places?.get(leaf)?.at ?? -1
  const entry = JSON.parse(election.proof.entries[at] ?? '{}') as { cast?: { otk: string } }
  return entry.cast?.otk ?? 'none'
}
