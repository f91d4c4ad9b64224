import { createHash, randomInt } from 'node:crypto'

/**
 * Chance that can be had again: all bytes follow from a seed, which is printed when the file fails.
 * `ALTHING_TEST_SEED=123 node --test the.test.ts` repeats the run. Fits `Chance` of kernel/context. Never for secrets.
 */
export function createTestChance(seed = seedOfThisRun()) {
  let counter = 0
  let left = Buffer.alloc(0)

  function bytes(count: number): Uint8Array<ArrayBuffer> {
    while (left.length < count) {
      const block = createHash('sha256').update(`${seed}:${counter++}`).digest()
      left = Buffer.concat([left, block])
    }
    const taken = new Uint8Array(left.subarray(0, count))
    left = left.subarray(count)
    return taken
  }

  function uuid() {
    const hex = Buffer.from(bytes(16))
    hex.writeUInt8((hex.readUInt8(6) & 0x0f) | 0x40, 6)
    hex.writeUInt8((hex.readUInt8(8) & 0x3f) | 0x80, 8)
    return hex.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
  }

  return { seed, bytes, uuid }
}

export type TestChance = ReturnType<typeof createTestChance>

let seed: number | undefined

/** One seed per process, also for fast-check: `fc.assert(property, { seed: seedOfThisRun() })`. */
export function seedOfThisRun(): number {
  if (seed !== undefined) return seed
  const chosen = Number(process.env['ALTHING_TEST_SEED'] ?? randomInt(2 ** 31 - 1))
  process.once('exit', (code) => {
    if (code !== 0) console.error(`Seed of this run: ALTHING_TEST_SEED=${chosen}`)
  })
  seed = chosen
  return chosen
}
