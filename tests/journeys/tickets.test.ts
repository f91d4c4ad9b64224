import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { createServer, type ServerResponse } from 'node:http'
import { stripTypeScriptTypes } from 'node:module'
import type { AddressInfo } from 'node:net'
import { after, test } from 'node:test'
import type { Page } from 'playwright-core'
import { fromBase64url, toBase64url, utf8 } from '../../kernel/crypto/bytes.ts'
import { signingKey } from '../../kernel/crypto/ed25519.ts'
import { sha256 } from '../../kernel/crypto/hash.ts'
import { createHpkeOpener } from '../../kernel/crypto/hpke-node.ts'
import { hpkeDeriveKeyPair } from '../../kernel/crypto/hpke.ts'
import { signCheckpoint } from '../../kernel/merkle/checkpoints.ts'
import { createMemoryTree, leafHash } from '../../kernel/merkle/tree.ts'
import { createBlindSigner, generateIssuingKey } from '../../kernel/tickets/issuer.ts'
import { createTicketVerifier, verifyOnceSync } from '../../kernel/tickets/verify.ts'
import { pendingTicket } from '../../kernel/tickets/voter.ts'
import type * as Voter from '../../kernel/tickets/voter.ts'
import type * as OneTime from '../../kernel/tickets/onetime.ts'
import type * as Hpke from '../../kernel/crypto/hpke.ts'
import type * as Bytes from '../../kernel/crypto/bytes.ts'
import type * as Checkpoints from '../../kernel/merkle/checkpoints.ts'
import type * as Proofs from '../../kernel/merkle/proofs.ts'
import { openChromium } from './screenshots.ts'

/** The kernel's tickets, seals and proofs as they stand, run by a browser and believed by Node. */
const seed = new Uint8Array(32).fill(7)
const scope = { manifestHash: sha256(utf8('manifest')), slot: '1', class: 'full' }

test('in a real browser a voter makes a ticket, seals and signs a ballot, and Node believes all of it', async () => {
  const page = await openPage()
  const key = await generateIssuingKey(3072)
  const sealing = await hpkeDeriveKeyPair(seed)
  const pending = pendingTicket(seed, scope, key.publicKey)

  const blinded = await page.evaluate(async (pending) => {
    const { requestTicket } = (await import('/kernel/tickets/voter.ts' as string)) as typeof Voter
    const { toBase64url } = (await import('/kernel/crypto/bytes.ts' as string)) as typeof Bytes
    return toBase64url((await requestTicket(pending)).blinded)
  }, pending)

  const answer = createBlindSigner(key.pkcs8).blindSign(fromBase64url(blinded))
  const given = { pending, answer: toBase64url(answer), sealing: toBase64url(sealing.publicKey) }
  const ballot = await page.evaluate(async ({ pending, answer, sealing }) => {
    const { collectTicket } = (await import('/kernel/tickets/voter.ts' as string)) as typeof Voter
    const { signOnce } = (await import('/kernel/tickets/onetime.ts' as string)) as typeof OneTime
    const { hpkeSeal } = (await import('/kernel/crypto/hpke.ts' as string)) as typeof Hpke
    const { fromBase64url, toBase64url, utf8 } = (await import(
      '/kernel/crypto/bytes.ts' as string
    )) as typeof Bytes
    const ticket = await collectTicket(pending, fromBase64url(answer))
    const seed = crypto.getRandomValues(new Uint8Array(32))
    const message = {
      publicKey: fromBase64url(sealing),
      info: utf8('info'),
      aad: utf8('aad'),
      plaintext: utf8('yes'),
    }
    const { enc, ciphertext } = await hpkeSeal({ ...message, seed })
    const signature = await signOnce(ticket.oneTimeKey, ciphertext)
    const { otk, prefix } = ticket
    const parts = { otk, prefix, ticket: ticket.signature, enc, ciphertext, signature }
    return Object.fromEntries(Object.entries(parts).map(([name, bytes]) => [name, toBase64url(bytes)]))
  }, given)

  const bytes = (name: string) => fromBase64url(ballot[name] ?? '')
  const ticket = { otk: bytes('otk'), prefix: bytes('prefix'), signature: bytes('ticket') }
  assert.equal(createTicketVerifier(key.publicKey, scope).verifySync(ticket), true)
  assert.equal(verifyOnceSync(ticket.otk, bytes('ciphertext'), bytes('signature')), true)
  const open = createHpkeOpener(sealing.privateKey, utf8('info'))
  assert.deepEqual(open(bytes('enc'), utf8('aad'), bytes('ciphertext')), utf8('yes'))
})

test('in a real browser a signed head and an inclusion proof are checked', async () => {
  const page = await openPage()
  const log = { name: 'localhost:8081/board/x', ...signingKey(seed) }
  const tree = createMemoryTree(Array.from({ length: 11 }, (_, i) => leafHash(utf8(`${i}`))))
  const note = await signCheckpoint({ origin: log.name, size: 11, root: tree.root() }, log)
  const proof = tree.inclusion(7).map(toBase64url)
  const given = { note, proof, name: log.name, key: toBase64url(log.publicKey) }
  const checked = await page.evaluate(async ({ note, proof, name, key }) => {
    const { openCheckpoint } = (await import('/kernel/merkle/checkpoints.ts' as string)) as typeof Checkpoints
    const { leafHashWeb, verifyInclusion } = (await import(
      '/kernel/merkle/proofs.ts' as string
    )) as typeof Proofs
    const { fromBase64url, utf8 } = (await import('/kernel/crypto/bytes.ts' as string)) as typeof Bytes
    const head = await openCheckpoint(note, name, [{ name, publicKey: fromBase64url(key) }])
    if (head === null) return 'the head is not signed'
    const leaf = await leafHashWeb(utf8('7'))
    return verifyInclusion({
      leaf,
      index: 7,
      size: head.size,
      root: head.root,
      proof: proof.map(fromBase64url),
    })
  }, given)
  assert.equal(checked, true)
})

/** An empty page whose origin serves the kernel with its types taken off. localhost, because WebCrypto asks for a secure context. */
async function openPage(): Promise<Page> {
  const server = createServer((request, response) => void serve(request.url ?? '/', response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const browser = await openChromium()
  after(async () => {
    await browser.close()
    server.close()
  })
  const page = await browser.context.newPage()
  await page.goto(`http://localhost:${(server.address() as AddressInfo).port}/`)
  return page
}

async function serve(url: string, response: ServerResponse): Promise<void> {
  const isModule = /^\/kernel\/[a-z]+\/[a-z0-9-]+\.ts$/.test(url)
  response.setHeader('content-type', isModule ? 'text/javascript' : 'text/html')
  if (!isModule) response.end('<p>')
  else response.end(stripTypeScriptTypes(await readFile(new URL(`../..${url}`, import.meta.url), 'utf8')))
}
