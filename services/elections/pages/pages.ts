/** The page an application starts in: its own index.html when it has one, otherwise a plain frame that loads its script and styles. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { attributes, html } from '@althing/web-ui/html.ts'
import { fault } from './faults.ts'

type App = 'booth' | 'verifier'

interface Needs {
  readonly folder: string
  readonly find: (name: string) => { readonly path: string; readonly integrity?: string | undefined }
  readonly organisation: string
  readonly language: 'is' | 'en'
}

export function createShells({ folder, find, organisation, language }: Needs) {
  const frame = (app: App): string =>
    html`<!doctype html>
<html${attributes({ lang: language })}>
<head>
<meta charset="utf-8">
<title>${organisation}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<link${attributes({ rel: 'stylesheet', href: find('ui/ui.css').path, integrity: find('ui/ui.css').integrity })}>
<link${attributes({ rel: 'icon', href: find('ui/mark.svg').path, type: 'image/svg+xml' })}>
<script${attributes({ type: 'module', src: find(`${app}/main.js`).path, integrity: find(`${app}/main.js`).integrity })}></script>
</head>
<body>
<div${attributes({ id: 'app', 'data-app': app, 'data-organisation': organisation })}></div>
<noscript>${language === 'is' ? 'Þessi síða þarf JavaScript: atkvæðið er innsiglað í vafranum þínum.' : 'This page needs JavaScript: your ballot is sealed in your own browser.'}</noscript>
</body>
</html>
`.toString()

  return {
    /** @throws Fault elections.pages.not_built */
    async page(app: App): Promise<string> {
      const own = await readFile(join(folder, app, 'index.html'), 'utf8').catch(absent)
      if (own !== null) return own
      try {
        return frame(app)
      } catch (cause) {
        throw fault.not_built(cause, { retryAfterSeconds: 30 })
      }
    },
  }
}
export type Shells = ReturnType<typeof createShells>

function absent(error: unknown): null {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
  throw error
}
