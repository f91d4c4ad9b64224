/**
 * Secret keys as files outside the database: what is destroyed here is in no dump, replica or write-ahead log.
 * Whoever can read the folder holds every key in it; whoever can write it can destroy them.
 */
import { link, mkdir, open, readdir, readFile, stat, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { type Bytes, type RandomSource, toHex } from './bytes.ts'

export const secretKeyBytes = 32

export interface KeyFiles {
  /** A new random key, durable before this returns. Refuses a name that exists: a key is never replaced in place. */
  create(name: string): Promise<Bytes>
  read(name: string): Promise<Bytes | null>
  /** True when there was a key and it is gone, durably. */
  destroy(name: string): Promise<boolean>
  names(): Promise<string[]>
}

export class KeyExists extends Error {
  override readonly name = 'KeyExists'
}

/** Names come from ids; a name that could leave the folder is a bug, not a refusal. */
export function assertKeyName(name: string): void {
  if (!/^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/.test(name)) throw new TypeError('Not the name of a key.')
}

export function createKeyFiles(folder: string, chance: RandomSource): KeyFiles {
  const pathOf = (name: string) => {
    assertKeyName(name)
    return join(folder, `${name}.key`)
  }

  async function create(name: string): Promise<Bytes> {
    const path = pathOf(name)
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const key = new Uint8Array(chance.bytes(secretKeyBytes))
    // Written aside and linked when durable: after a crash there is a whole key or none, and link() never overwrites.
    const aside = `${path}.${toHex(chance.bytes(8))}.new`
    await writeDurably(aside, key, 'wx')
    try {
      await link(aside, path)
    } catch (error) {
      throw isCode(error, 'EEXIST') ? new KeyExists(`The key "${name}" exists already.`) : error
    } finally {
      await unlink(aside)
    }
    await syncFolder(folder)
    return key
  }

  async function read(name: string): Promise<Bytes | null> {
    const key = await readFile(pathOf(name)).catch(absent)
    if (key === null) return null
    if (key.length !== secretKeyBytes) throw new Error(`The key "${name}" is damaged.`)
    // Zeros are what a crash in the middle of destroy() leaves: that key is gone, it must not encrypt anything.
    if (key.every((byte) => byte === 0)) return null
    return new Uint8Array(key)
  }

  /** Overwritten before it is unlinked: little help on flash memory, all there is on the rest. */
  async function destroy(name: string): Promise<boolean> {
    const path = pathOf(name)
    if ((await stat(path).catch(absent)) === null) return false
    await writeDurably(path, new Uint8Array(secretKeyBytes), 'r+')
    await unlink(path).catch(absent)
    await syncFolder(folder)
    return true
  }

  async function names(): Promise<string[]> {
    const files = (await readdir(folder).catch(absent)) ?? []
    return files
      .filter((file) => file.endsWith('.key'))
      .map((file) => file.slice(0, -'.key'.length))
      .sort()
  }

  return { create, read, destroy, names }
}

async function writeDurably(path: string, bytes: Uint8Array, flag: 'wx' | 'r+'): Promise<void> {
  const file = await open(path, flag, 0o600)
  try {
    await file.write(bytes, 0, bytes.length, 0)
    await file.sync()
  } finally {
    await file.close()
  }
}

/** A file's name is durable only when its folder is. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

const isCode = (error: unknown, code: string) =>
  error instanceof Error && 'code' in error && error.code === code

function absent(error: unknown): null {
  if (isCode(error, 'ENOENT')) return null
  throw error
}

/** The twin in memory, for tests and demonstrations. */
export function memoryKeyFiles(chance: RandomSource): KeyFiles {
  const keys = new Map<string, Bytes>()
  return {
    create: async (name) => {
      assertKeyName(name)
      if (keys.has(name)) throw new KeyExists(`The key "${name}" exists already.`)
      keys.set(name, new Uint8Array(chance.bytes(secretKeyBytes)))
      return new Uint8Array(keys.get(name) ?? [])
    },
    read: async (name) => {
      assertKeyName(name)
      const key = keys.get(name)
      return key === undefined ? null : new Uint8Array(key)
    },
    destroy: async (name) => {
      assertKeyName(name)
      keys.get(name)?.fill(0)
      return keys.delete(name)
    },
    names: async () => [...keys.keys()].sort(),
  }
}
