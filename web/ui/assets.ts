import { readFileSync } from 'node:fs'
import { join } from 'node:path'

export interface Asset {
  /** `/assets/<app>/<name-hash.ext>`: never changes its content, so it may be cached for ever. */
  readonly path: string
  /** For the integrity attribute; absent while nothing is built. */
  readonly integrity?: string | undefined
}

/** What tools/web.ts writes beside the files of one application. */
export type Manifest = Readonly<Record<string, { readonly file: string; readonly integrity: string }>>

/**
 * Finds built files by the name they had before the build gave them a hash: `ui/ui.css`, `signin/main.js`.
 * Manifests are read once: a build belongs to a release, and a running server serves one release.
 */
export function openAssets(dist: string | URL) {
  const folder = typeof dist === 'string' ? dist : dist.pathname
  const manifests = new Map<string, Manifest>()

  function manifest(app: string): Manifest {
    const known = manifests.get(app)
    if (known !== undefined) return known
    const read = readManifest(join(folder, app, 'manifest.json'))
    manifests.set(app, read)
    return read
  }

  function find(name: string): Asset {
    const [app = '', ...rest] = name.split('/')
    const entry = manifest(app)[rest.join('/')]
    if (entry === undefined) throw new Error(`There is no built file ${name}. Run: node tools/web.ts`)
    return { path: `/assets/${app}/${entry.file}`, integrity: entry.integrity }
  }

  /** The file behind a path under /assets/, or null: only what a manifest names is ever served. */
  function serve(
    path: string,
  ): { file: string; contentType: string; headers: Record<string, string> } | null {
    const [, app = '', file = ''] = /^\/assets\/([a-z]+)\/([\w.-]+)$/.exec(path) ?? []
    const named = app !== '' && Object.values(manifest(app)).some((entry) => entry.file === file)
    if (!named) return null
    const extension = file.slice(file.lastIndexOf('.'))
    const contentType = contentTypes[extension] ?? 'application/octet-stream'
    return { file: join(folder, app, file), contentType, headers: { ...immutable } }
  }

  return { find, serve }
}

/** Before the pages are built, and in tests, they are shown without style rather than not at all. */
export function builtOrUnbuilt(dist: URL): ReturnType<typeof openAssets> {
  const built = openAssets(dist)
  try {
    built.find('ui/ui.css')
    return built
  } catch {
    return { ...unbuiltAssets, serve: () => null }
  }
}

const immutable = {
  'cache-control': 'public, max-age=31536000, immutable',
  'x-content-type-options': 'nosniff',
}

const contentTypes: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.woff2': 'font/woff2',
  '.svg': 'image/svg+xml',
  '.map': 'application/json',
  '.html': 'text/html; charset=utf-8',
}

/** For tests of pages: names stay as they are, and nothing needs to be built. */
export const unbuiltAssets = { find: (name: string): Asset => ({ path: `/assets/${name}` }) }

function readManifest(file: string): Manifest {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Manifest
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return {}
    throw cause
  }
}
