import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'

// The files that pages import by name (@althing/kernel/tickets/voter.ts). One import of node: anywhere below them and the
// voter's page does not load.
const forBrowsers = [
  '../crypto/bytes.ts',
  '../crypto/canonical.ts',
  '../crypto/web.ts',
  '../crypto/p256.ts',
  '../crypto/hpke.ts',
  '../merkle/proofs.ts',
  '../merkle/tiles.ts',
  '../merkle/notes.ts',
  '../merkle/checkpoints.ts',
  './format.ts',
  './voter.ts',
  './onetime.ts',
]

test('what a browser imports reaches nothing of Node', async () => {
  const seen = new Map<string, string>()
  for (const file of forBrowsers) await follow(new URL(file, import.meta.url), file, seen)
  assert.ok(seen.size >= forBrowsers.length)
})

async function follow(file: URL, path: string, seen: Map<string, string>): Promise<void> {
  if (seen.has(file.href)) return
  seen.set(file.href, path)
  const text = await readFile(file, 'utf8')
  assert.doesNotMatch(text, /\b(?:Buffer|process|require)\b[.(]/, `${path} uses a global of Node`)
  for (const [, target = ''] of text.matchAll(/\bfrom '([^']+)'/g)) {
    assert.ok(target.startsWith('.'), `${path} imports ${target}: browser-safe files import neighbours only`)
    await follow(new URL(target, file), `${path} -> ${target}`, seen)
  }
}
