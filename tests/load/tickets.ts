/** Figures for kernel/tickets/README.md: operations per CPU second on this machine. `node tests/load/tickets.ts` */
import { randomBytes } from 'node:crypto'
import { toInteger, toBytes, rsaPublic } from '../../kernel/tickets/rsa.ts'
import { createHpkeOpener, hpkeDeriveKeyPair, hpkeSeal, sha256, utf8 } from '@althing/kernel/crypto'
import { createMemoryTree, leafHash } from '@althing/kernel/merkle'
import {
  blind,
  collectTicket,
  createBlindSigner,
  createTicketVerifier,
  generateIssuingKey,
  pendingTicket,
  prepare,
  requestTicket,
  signOnce,
  verifyOnceSync,
} from '@althing/kernel/tickets'

const random = (length: number) => new Uint8Array(randomBytes(length))
const scope = { manifestHash: sha256(utf8('manifest')), slot: '1', class: 'full' }

for (const bits of [2048, 3072] as const) {
  const key = await generateIssuingKey(bits)
  const signer = createBlindSigner(key.pkcs8)
  const { n } = rsaPublic(key.publicKey)
  const values = Array.from({ length: 50 }, () => toBytes(toInteger(random(bits / 8)) % n, bits / 8))
  await measure(`blindSign with fault check, ${bits}`, 400, (i) =>
    signer.blindSign(values[i % 50] ?? random(1)),
  )
  const prepared = prepare(random(32), random(64))
  await measure(`blind (voter), ${bits}`, 150, () => blind(key.publicKey, prepared, random(bits / 8 + 16)))
  const pending = pendingTicket(random(32), scope, key.publicKey)
  await measure(`requestTicket (voter, all of it), ${bits}`, 50, () => requestTicket(pending))
  const answer = signer.blindSign((await requestTicket(pending)).blinded)
  await measure(`collectTicket (voter, all of it), ${bits}`, 50, () => collectTicket(pending, answer))
  const ticket = await collectTicket(pending, answer)
  const box = createTicketVerifier(key.publicKey, scope)
  await measure(`verifySync, ${bits}`, 5000, () => box.verifySync(ticket))
  if (bits === 2048) continue
  const signature = await signOnce(ticket.oneTimeKey, prepared)
  await measure('verifyOnceSync with import', 2000, () => verifyOnceSync(ticket.otk, prepared, signature))
}

const pair = await hpkeDeriveKeyPair(random(32))
const message = { publicKey: pair.publicKey, info: random(48), aad: random(80), plaintext: random(256) }
await measure('hpkeSeal (browser code)', 100, () => hpkeSeal({ ...message, seed: random(32) }))
const { enc, ciphertext } = await hpkeSeal({ ...message, seed: random(32) })
const open = createHpkeOpener(pair.privateKey, message.info)
await measure('hpke open (node)', 3000, () => open(enc, message.aad, ciphertext))
const tree = createMemoryTree()
const entry = random(600)
await measure('leaf hash and append, 600 bytes', 200_000, () => tree.append(leafHash(entry)))

async function measure(what: string, times: number, work: (i: number) => unknown): Promise<void> {
  let best = 0
  for (let round = 0; round < 3; round++) {
    const before = process.cpuUsage()
    for (let i = 0; i < times; i++) {
      const result = work(i)
      if (result instanceof Promise) await result
    }
    const { user, system } = process.cpuUsage(before)
    best = Math.max(best, (times * 1e6) / (user + system))
  }
  console.log(`${what.padEnd(44)} ${Math.round(best).toLocaleString('en')} /cpu-s`)
}
