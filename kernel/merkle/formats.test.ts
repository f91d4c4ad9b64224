import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import vector from '../../tests/vectors/c2sp.signed-note.go-sumdb.json' with { type: 'json' }
import { concat, fromBase64, toHex, utf8 } from '../crypto/bytes.ts'
import { signingKey } from '../crypto/ed25519.ts'
import {
  formatCheckpoint,
  formatTlogProof,
  openCheckpoint,
  parseCheckpoint,
  parseTlogProof,
  signCheckpoint,
  verifyTlogProof,
} from './checkpoints.ts'
import { addSignature, formatNoteKey, type NoteSigner, openNote, parseNoteKey, signNote } from './notes.ts'
import {
  decodeEntries,
  encodeEntries,
  newTiles,
  parseTilePath,
  type Tile,
  tileBytes,
  tilePath,
  tilesOf,
  entriesPath,
} from './tiles.ts'
import { createMemoryTree, leafHash } from './tree.ts'

const signer = (name: string, seed: number): NoteSigner => ({
  name,
  ...signingKey(new Uint8Array(32).fill(seed)),
})
const log = signer('example.org/board', 1)

test('the note of golang.org/x/mod is opened, and signed byte for byte', async () => {
  const key = await parseNoteKey(vector.verifierKey)
  assert.ok(key)
  assert.equal(await formatNoteKey(key), vector.verifierKey)
  const text = vector.note.slice(0, vector.note.lastIndexOf('\n\n') + 1)
  assert.deepEqual(await openNote(vector.note, [key]), { text, signedBy: ['PeterNeumann'] })

  const seed = fromBase64(vector.signerKey.split('+').slice(4).join('+')).subarray(1)
  assert.equal(await signNote(text, { name: 'PeterNeumann', ...signingKey(seed) }), vector.note)
})

test('a note says nothing until a known key signed it', async () => {
  const note = await signNote('text\n', log)
  assert.equal(await openNote(note, []), null)
  assert.equal(await openNote(note, [signer('example.org/board', 2)]), null)
  assert.equal(await openNote(note, [{ ...log, name: 'example.org/other' }]), null)
  assert.equal(await openNote(note.replace('text', 'test'), [log]), null)
  for (const broken of [
    note.slice(0, -1),
    note.replace('\n\n', '\n'),
    `${note}\n`,
    note.replace('— ', '- '),
    'text\n',
    '',
    note.replace('text', 'te\txt'),
  ]) {
    assert.equal(await openNote(broken, [log]), null, JSON.stringify(broken))
  }
})

test('signatures of strangers are ignored, a wrong one of a known key is not', async () => {
  const witness = signer('witness.example', 3)
  const both = await addSignature(await signNote('text\n', log), witness)
  assert.deepEqual((await openNote(both, [log]))?.signedBy, ['example.org/board'])
  assert.deepEqual((await openNote(both, [log, witness]))?.signedBy, ['example.org/board', 'witness.example'])
  const liar = { ...witness, sign: () => new Uint8Array(64) }
  const forged = await addSignature(await signNote('text\n', log), liar)
  assert.deepEqual((await openNote(forged, [log]))?.text, 'text\n')
  assert.equal(await openNote(forged, [log, witness]), null)
})

test('text with an empty line inside keeps it', async () => {
  const text = 'one\n\ntwo\n'
  assert.equal((await openNote(await signNote(text, log), [log]))?.text, text)
})

test('a note key is refused when its id is not its own', async () => {
  const line = await formatNoteKey(log)
  assert.deepEqual((await parseNoteKey(line))?.publicKey, log.publicKey)
  for (const broken of [
    line.replace(/\+[0-9a-f]{8}\+/, '+00000000+'),
    line.slice(0, -4),
    `x${line}`,
    'a+b',
    '',
  ]) {
    assert.equal(await parseNoteKey(broken), null)
  }
  await assert.rejects(signNote('t\n', { ...log, name: 'with space' }), TypeError)
  await assert.rejects(signNote('no newline', log), TypeError)
})

test('a checkpoint comes back as it was signed, for its own log only', async () => {
  const root = leafHash(utf8('x'))
  const note = await signCheckpoint({ origin: log.name, size: 20852163, root }, log)
  const opened = await openCheckpoint(note, log.name, [log])
  assert.deepEqual(opened, { origin: log.name, size: 20852163, root, signedBy: [log.name] })
  assert.equal(await openCheckpoint(note, 'example.org/other', [log]), null)
})

test('a checkpoint in another form is refused', () => {
  const hash = 'CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I='
  assert.equal(parseCheckpoint(`example.com/behind-the-sofa\n20852163\n${hash}\n`)?.size, 20852163)
  assert.equal(parseCheckpoint(`o\n1\n${hash}\nextension\n`)?.size, 1)
  for (const text of [
    `o\n01\n${hash}\n`,
    `o\n-1\n${hash}\n`,
    `o\n1\n${hash}`,
    `\n1\n${hash}\n`,
    `o\n1\n${hash.slice(4)}\n`,
    `o\n1\n${hash}\n\nx\n`,
    `o\n9007199254740993\n${hash}\n`,
    'o\n1\n',
  ]) {
    assert.equal(parseCheckpoint(text), null, JSON.stringify(text))
  }
  assert.throws(() => formatCheckpoint({ origin: 'a\nb', size: 1, root: new Uint8Array(32) }), TypeError)
})

test('a proof file is checked offline, and only for the entry it was made for', async () => {
  const tree = createMemoryTree(Array.from({ length: 11 }, (_, i) => leafHash(utf8(`${i}`))))
  const checkpoint = await signCheckpoint({ origin: log.name, size: 11, root: tree.root() }, log)
  const text = formatTlogProof({ index: 7, proof: tree.inclusion(7), checkpoint, extra: utf8('{"a":1}') })
  assert.deepEqual(parseTlogProof(text)?.extra, utf8('{"a":1}'))
  assert.equal((await verifyTlogProof(text, leafHash(utf8('7')), log.name, [log]))?.index, 7)
  assert.equal(await verifyTlogProof(text, leafHash(utf8('6')), log.name, [log]), null)
  assert.equal(await verifyTlogProof(text, leafHash(utf8('7')), log.name, [signer(log.name, 9)]), null)
  assert.equal(
    await verifyTlogProof(text.replace('index 7', 'index 6'), leafHash(utf8('7')), log.name, [log]),
    null,
  )
  assert.equal(
    await verifyTlogProof(text.replace('\n11\n', '\n12\n'), leafHash(utf8('7')), log.name, [log]),
    null,
  )
  for (const broken of [
    '',
    text.slice(5),
    text.replace('index 7', 'index 07'),
    text.replace('extra ', 'extra *'),
  ]) {
    assert.equal(parseTlogProof(broken), null)
  }
  const single = createMemoryTree([leafHash(utf8('0'))])
  const head = await signCheckpoint({ origin: log.name, size: 1, root: single.root() }, log)
  const alone = formatTlogProof({ index: 0, proof: [], checkpoint: head })
  assert.equal((await verifyTlogProof(alone, leafHash(utf8('0')), log.name, [log]))?.index, 0)
})

test('tiles of a tree of 70,000 leaves are those of the specification', () => {
  const tiles = tilesOf(70_000)
  const of = (level: number, full: boolean) =>
    tiles.filter((tile) => tile.level === level && (tile.width === 256) === full)
  assert.deepEqual([of(0, true).length, of(1, true).length, of(2, true).length], [273, 1, 0])
  assert.deepEqual(
    [0, 1, 2].map((level) => of(level, false).map((tile) => tile.width)),
    [[112], [17], [1]],
  )
  assert.deepEqual(tilesOf(256), [
    { level: 0, index: 0, width: 256 },
    { level: 1, index: 0, width: 1 },
  ])
  assert.deepEqual(tilesOf(0), [])
})

test('tile paths are those of the specification, in one spelling', () => {
  assert.equal(tilePath({ level: 0, index: 1234067, width: 256 }), 'tile/0/x001/x234/067')
  assert.equal(tilePath({ level: 3, index: 0, width: 112 }), 'tile/3/000.p/112')
  assert.equal(entriesPath({ index: 1000, width: 1 }), 'tile/entries/x001/000.p/1')
  for (const tile of [...tilesOf(70_000), { level: 0, index: 1234067, width: 3 }])
    assert.deepEqual(parseTilePath(tilePath(tile)), tile)
  assert.deepEqual(parseTilePath('tile/entries/x001/000.p/1'), { level: 'entries', index: 1000, width: 1 })
  for (const path of [
    'tile/00/000',
    'tile/0/000.p/0',
    'tile/0/000.p/256',
    'tile/0/000.p/01',
    'tile/0/x000/001',
    'tile/64/000',
    'tile/0/0',
    '../tile/0/000',
    'tile/0/000/',
    'tile/0/x001',
  ]) {
    assert.equal(parseTilePath(path), null, path)
  }
})

test('growing writes exactly the tiles that are new, and their hashes rebuild every level', () => {
  const tree = createMemoryTree(Array.from({ length: 700 }, (_, i) => leafHash(utf8(`${i}`))))
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 700 }), { maxLength: 6 }), (steps) => {
      const files = new Map<string, string>()
      let from = 0
      for (const to of [...steps.sort((a, b) => a - b), 700]) {
        for (const tile of newTiles(from, to)) {
          const hex = toHex(tileBytes(tree.subtree, tile))
          assert.equal(files.get(tilePath(tile)) ?? hex, hex)
          files.set(tilePath(tile), hex)
        }
        from = to
        for (const tile of tilesOf(to)) assert.ok(files.has(tilePath(tile)), tilePath(tile))
      }
    }),
  )
  const top: Tile = { level: 1, index: 0, width: 2 }
  assert.equal(toHex(tileBytes(tree.subtree, top).subarray(0, 32)), toHex(tree.root(256)))
})

test('entry bundles come back as they were, or not at all', () => {
  const entries = fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 20 })
  fc.assert(
    fc.property(entries, fc.nat(), (list, cut) => {
      const bundle = encodeEntries(list)
      assert.deepEqual(decodeEntries(bundle)?.map(toHex), list.map(toHex))
      const short = decodeEntries(bundle.subarray(0, cut % (bundle.length + 1)))
      assert.ok(short === null || short.length <= list.length)
    }),
  )
  assert.throws(() => encodeEntries([new Uint8Array(65_536)]), RangeError)
  assert.equal(decodeEntries(concat(Uint8Array.of(0, 2, 1))), null)
  assert.equal(decodeEntries(Uint8Array.of(0)), null)
})
