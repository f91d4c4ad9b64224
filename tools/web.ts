import { createHash } from 'node:crypto'
import { existsSync, globSync } from 'node:fs'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { parse } from '@formatjs/icu-messageformat-parser'
import { build } from 'vite'
import type { Plugin, Rollup } from 'vite'
import { writeFrames } from './frames.ts'

/**
 * Builds what browsers load: web/<app>/main.ts(x) and the shared style into web/dist/<app>/, each file named by its
 * content, with a manifest of names and SHA-384. An application is built again only when a file it was made of,
 * this tool or the lock file has changed.
 *
 *   node tools/web.ts [app …] [--force]
 */
export const apps = ['ui', 'signin', 'account', 'collect', 'booth', 'verifier', 'admin'] as const
export type App = (typeof apps)[number]

/** Published so that others can build them and compare bytes: nothing in them may depend on the machine. */
const reproducible: readonly App[] = ['booth', 'verifier']

const root = resolve(fileURLToPath(import.meta.url), '../..')

export interface BuildResult {
  readonly app: App
  readonly outcome: 'built' | 'unchanged' | 'no entry'
  readonly milliseconds: number
}

export interface BuildOptions {
  readonly only?: readonly App[]
  readonly force?: boolean
  /** Where the folders of the applications go: web/dist. */
  readonly dist?: string
}

export async function buildWeb({
  only = apps,
  force = false,
  dist = join(root, 'web/dist'),
}: BuildOptions = {}) {
  const results: BuildResult[] = []
  for (const app of only) {
    const start = performance.now()
    const outcome = await buildApp(app, join(dist, app), force)
    results.push({ app, outcome, milliseconds: Math.round(performance.now() - start) })
  }
  await writeFrames(dist)
  return results
}

async function buildApp(app: App, out: string, force: boolean): Promise<BuildResult['outcome']> {
  const entries = findEntries(app)
  if (entries === null) return 'no entry'
  if (!force && (await isCurrent(out, entries))) return 'unchanged'

  const inputs = new Set<string>()
  const output = await bundle(app, entries, inputs)
  await rm(out, { recursive: true, force: true })
  await mkdir(out, { recursive: true })
  const manifest: Record<string, { file: string; integrity: string }> = {}
  for (const file of output) {
    const content = file.type === 'chunk' ? file.code : file.source
    await writeFile(join(out, file.fileName), content)
    const integrity = `sha384-${createHash('sha384').update(content).digest('base64')}`
    manifest[originalName(file)] = { file: file.fileName, integrity }
  }
  // Last, so that a build cut short is not taken for a finished one.
  await writeFile(join(out, 'inputs.json'), JSON.stringify(await digests(inputs, entries), null, 1))
  await writeFile(join(out, 'manifest.json'), `${JSON.stringify(sorted(manifest), null, 2)}\n`)
  return 'built'
}

/** The style and fonts are one application; each other one has a main file, or is not there yet. */
function findEntries(app: App): string[] | null {
  if (app === 'ui') return ['web/ui/styles/ui.css', 'web/ui/styles/mark.svg'].map((file) => join(root, file))
  const main = [`web/${app}/main.tsx`, `web/${app}/main.ts`].map((file) => join(root, file)).find(existsSync)
  return main === undefined ? null : [main]
}

async function bundle(app: App, entries: string[], inputs: Set<string>) {
  const built = await build({
    root,
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    base: './',
    mode: 'production',
    // Texts arrive as syntax trees: the parser stays at home.
    resolve: {
      alias: { '@formatjs/icu-messageformat-parser': '@formatjs/icu-messageformat-parser/no-parser.js' },
    },
    plugins: [compiledTexts(), asFile(), remember(inputs)],
    build: {
      write: false,
      target: ['es2022'],
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      sourcemap: app === 'ui' || reproducible.includes(app) ? false : 'hidden',
      reportCompressedSize: false,
      rolldownOptions: {
        input: entries,
        output: {
          entryFileNames: '[name]-[hash].js',
          chunkFileNames: '[name]-[hash].js',
          assetFileNames: '[name]-[hash][extname]',
        },
      },
    },
  })
  const outputs = (Array.isArray(built) ? built : [built]) as Rollup.RollupOutput[]
  return outputs
    .flatMap(({ output }) => output)
    .filter((file) => !(app === 'ui' && file.type === 'chunk'))
    .sort((a, b) => (a.fileName < b.fileName ? -1 : 1))
}

/** Every texts/{is,en}.json becomes a module of parsed messages; a broken message stops the build. */
function compiledTexts(): Plugin {
  return {
    name: 'althing-texts',
    enforce: 'pre',
    async load(id) {
      if (!/\/texts\/(is|en)\.json$/.test(id)) return null
      const catalogue = JSON.parse(await readFile(id, 'utf8')) as Record<string, string>
      const trees = Object.entries(catalogue).map(([key, message]) => [key, parse(message)])
      const code = `export default ${JSON.stringify(Object.fromEntries(trees))}`
      return { code, moduleType: 'js' }
    },
  }
}

/** The mark is no module: it is handed out as it is, under a name made from its content. */
function asFile(): Plugin {
  return {
    name: 'althing-mark',
    enforce: 'pre',
    async load(id) {
      if (!id.endsWith('/styles/mark.svg')) return null
      this.emitFile({ type: 'asset', name: 'mark.svg', source: await readFile(id) })
      return { code: '', moduleType: 'js' }
    },
  }
}

/** Writes down every file of ours that went into the bundle. */
function remember(inputs: Set<string>): Plugin {
  return {
    name: 'althing-inputs',
    generateBundle() {
      for (const id of this.getModuleIds()) {
        const file = (id.split('?')[0] ?? '').replace(/^\0+/, '')
        if (file.startsWith(`${root}/`) && !file.includes('/node_modules/') && existsSync(file))
          inputs.add(file)
      }
    },
  }
}

async function isCurrent(out: string, entries: string[]): Promise<boolean> {
  if (!existsSync(join(out, 'manifest.json')) || !existsSync(join(out, 'inputs.json'))) return false
  const before = JSON.parse(await readFile(join(out, 'inputs.json'), 'utf8')) as Record<string, string>
  const files = Object.keys(before).map((file) => join(root, file))
  if (!files.every(existsSync)) return false
  const now = await digests(new Set(files), entries)
  return JSON.stringify(sorted(now)) === JSON.stringify(sorted(before))
}

/** Packages count through the lock file. */
async function digests(
  inputs: ReadonlySet<string>,
  entries: readonly string[],
): Promise<Record<string, string>> {
  const files = new Set([
    ...inputs,
    ...entries,
    join(root, 'package-lock.json'),
    fileURLToPath(import.meta.url),
  ])
  // What a style imports is no module of the bundle, so the bundler does not name it.
  for (const folder of new Set(entries.map((entry) => dirname(entry))))
    for (const style of globSync('**/*.css', { cwd: folder })) files.add(join(folder, style))
  const pairs = [...files].map(async (file) => {
    const digest = createHash('sha256')
      .update(await readFile(file))
      .digest('hex')
    return [relative(root, file), digest] as const
  })
  return sorted(Object.fromEntries(await Promise.all(pairs)))
}

/** `main-B7c1.js` → `main.js`: what a page asks for. */
function originalName(file: Rollup.OutputChunk | Rollup.OutputAsset): string {
  if (file.type === 'chunk') return `${file.name}.js`
  return basename(file.names[0] ?? file.fileName)
}

function sorted<T>(record: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)))
}

function isApp(name: string): name is App {
  return apps.some((app) => app === name)
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const names = process.argv.slice(2).filter(isApp)
  const force = process.argv.includes('--force')
  for (const { app, outcome, milliseconds } of await buildWeb({
    ...(names.length > 0 && { only: names }),
    force,
  }))
    console.log(`${app.padEnd(9)} ${outcome} (${milliseconds} ms)`)
}
