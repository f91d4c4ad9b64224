import { existsSync } from 'node:fs'
import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { attributes, html } from '../web/ui/html.ts'

/**
 * The pages of the ballot origin are files: the same bytes for everybody, and nothing in them that depends on a machine or on an
 * organisation, so that whoever builds this release gets the very same. Icelandic until the script knows better.
 */
const frames = {
  booth: {
    title: 'Kjörklefinn · The booth',
    is: 'Síðan innsiglar atkvæðið í þínu eigin tæki og þarf til þess JavaScript. Leyfðu það og opnaðu síðuna aftur.',
    en: 'This page seals your vote on your own device, and needs JavaScript for that. Allow it, and load the page again.',
  },
  verifier: {
    title: 'Yfirferð · Verification',
    is: 'Síðan telur atkvæðin aftur í þínu eigin tæki og þarf til þess JavaScript. Leyfðu það og opnaðu síðuna aftur.',
    en: 'This page counts the votes again on your own device, and needs JavaScript for that. Allow it, and load the page again.',
  },
} as const

type Manifest = Readonly<Record<string, { readonly file: string; readonly integrity: string }>>

/** Written anew after every build: the style may have changed though the script has not. */
export async function writeFrames(dist: string): Promise<void> {
  for (const app of ['booth', 'verifier'] as const) {
    const manifests = [join(dist, 'ui/manifest.json'), join(dist, app, 'manifest.json')]
    if (!manifests.every(existsSync)) continue
    const [ui = {}, own = {}] = await Promise.all(manifests.map(readManifest))
    await replaceFile(join(dist, app, 'index.html'), frame(app, ui, own))
  }
}

/** Whole at any moment: a server may be handing it out while it is written. */
async function replaceFile(path: string, text: string): Promise<void> {
  const fresh = `${path}.${process.pid}`
  await writeFile(fresh, text)
  await rename(fresh, path)
}

const readManifest = async (file: string) => JSON.parse(await readFile(file, 'utf8')) as Manifest

function frame(app: keyof typeof frames, ui: Manifest, own: Manifest): string {
  const { title, is, en } = frames[app]
  const path = (folder: string, name: string, from: Manifest) => `/assets/${folder}/${from[name]?.file}`
  const style = (folder: string, name: string, from: Manifest) =>
    from[name] &&
    html`<link${attributes({ rel: 'stylesheet', href: path(folder, name, from), integrity: from[name].integrity })}>`
  return html`<!doctype html>
<html lang="is">
<head>
<meta charset="utf-8">
<title>${title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<link${attributes({ rel: 'preload', href: path('ui', 'source-sans-3-latin-wght-normal.woff2', ui), as: 'font', type: 'font/woff2', crossorigin: '' })}>
${style('ui', 'ui.css', ui)}
${style(app, 'main.css', own)}
<link${attributes({ rel: 'icon', href: path('ui', 'mark.svg', ui), type: 'image/svg+xml' })}>
<script${attributes({ type: 'module', src: path(app, 'main.js', own), integrity: own['main.js']?.integrity })}></script>
</head>
<body>
<div id="app" class="page"></div>
<noscript><main class="main main-reading"><h1>${title}</h1><p>${is}</p><p lang="en">${en}</p></main></noscript>
</body>
</html>
`.toString()
}
