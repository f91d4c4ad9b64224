/**
 * The logo of an application lies here and is shown from here: a page of ours asks nobody else for a picture, so nobody else learns who is
 * asked. PNG alone, and small: no picture that is a script (SVG), and none that fills the memory of who looks at it.
 */
import { fault } from './faults.ts'
import type { LogoStore } from './logo-store.ts'
import type { Client, Logo } from './schema.ts'
import type { ClientStore } from './store.ts'
import type { Writing } from './writing.ts'

/** `mostPixels` of each side. */
const [mostBytes, mostPixels] = [65_536, 1024]

interface Needs {
  readonly store: ClientStore
  readonly logos: LogoStore
  readonly write: Writing
}

export function createLogos({ store, logos, write }: Needs) {
  /** Null for one that is disabled, too. */
  async function shown(client: string): Promise<Logo | null> {
    const known = await store.byId(client)
    return known === null || known.disabledAt !== null ? null : logos.of(client)
  }

  async function put(client: string, base64: string, actor: string): Promise<void> {
    const png = Buffer.from(base64, 'base64')
    if (!isLogo(png))
      throw fault.logo(undefined, {
        fields: [{ pointer: '/png', message: 'is no PNG of the size that is taken' }],
      })
    await write(async (parts) => {
      known(await parts.locked(client))
      await parts.putLogo(client, png, actor)
    })
  }

  async function drop(client: string, actor: string): Promise<void> {
    await write(async (parts) => {
      known(await parts.locked(client))
      await parts.dropLogo(client, actor)
    })
  }

  return {
    shown,
    put,
    drop,
    /** Where it is, under a name that changes with it. */
    hrefOf: async (client: string): Promise<string | null> => {
      const logo = await logos.of(client)
      return logo === null ? null : `/sign-in/logos/${encodeURIComponent(client)}?v=${logo.version}`
    },
  }
}
export type Logos = ReturnType<typeof createLogos>

function known(client: Client | null): void {
  if (client === null) throw fault.not_found()
}

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])

/** PNG (Third Edition), sections 5.2 and 11.2.1: the signature, and first of all the chunk that says how large it is. */
function isLogo(png: Buffer): boolean {
  if (png.length < 33 || png.length > mostBytes || !png.subarray(0, 8).equals(signature)) return false
  if (png.readUInt32BE(8) !== 13 || png.toString('latin1', 12, 16) !== 'IHDR') return false
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)]
  return [width, height].every((side) => side >= 1 && side <= mostPixels)
}
