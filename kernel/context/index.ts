/**
 * Time, chance and ids: the three things a test must own. Only this file may ask the machine for them;
 * everything else receives them by name.
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import { randomBytes, randomUUID } from 'node:crypto'

export interface Clock {
  now(): Date
}

export interface Chance {
  /** Unpredictable bytes from the system's generator. */
  bytes(length: number): Uint8Array
  /** UUIDv4: for ids whose order could speak. */
  uuid(): string
}

export interface Ids {
  /** `mem_018f…`: a prefix and a UUIDv7, so that an id says what it names and sorts by its making. */
  create(prefix: string): string
}

export const systemClock: Clock = { now: () => new Date() }

export const systemChance: Chance = {
  bytes: (length) => new Uint8Array(randomBytes(length)),
  uuid: () => randomUUID(),
}

/** At least 0 and less than 1, for a share of something. */
export const fraction = (chance: Pick<Chance, 'bytes'>): number =>
  new DataView(chance.bytes(4).buffer).getUint32(0) / 2 ** 32

export function createIds(clock: Clock, chance: Chance): Ids {
  return { create: (prefix) => `${prefix}_${uuidv7(clock.now().getTime(), chance.bytes(10))}` }
}

/** RFC 9562, section 5.7: 48 bits of Unix milliseconds, version 7, then chance. */
export function uuidv7(milliseconds: number, random: Uint8Array): string {
  const bytes = new Uint8Array(16)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(milliseconds) << 16n)
  bytes.set(random.subarray(0, 10), 6)
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x70
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  const hex = Buffer.from(bytes).toString('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}

interface Carried {
  readonly correlation: string
}

const carried = new AsyncLocalStorage<Carried>()

/** Runs work under a correlation id, so that each log line and outgoing call of it can be found together. */
export function withCorrelation<T>(correlation: string, work: () => T): T {
  return carried.run({ correlation }, work)
}

/** The correlation id of the work at hand; nothing in the ballot world's public routes. */
export function correlation(): string | undefined {
  return carried.getStore()?.correlation
}
