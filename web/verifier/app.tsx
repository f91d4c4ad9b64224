/** @jsxImportSource preact */
import { keepLocale } from '@althing/web-ui/dom/preferences.ts'
import type { Locale } from '@althing/web-ui/locale.ts'
import { useEffect, useState } from 'preact/hooks'
import { verifyBundle, type Verdict } from './check/verify.ts'
import { Shell } from './shell.tsx'
import { StartPage } from './start-page.tsx'
import { VerdictPage } from './verdict-page.tsx'
import { WorkingPage } from './working-page.tsx'

type State =
  | { readonly kind: 'start'; readonly failed: boolean }
  | { readonly kind: 'working'; readonly name: string; readonly done: number; readonly of: number }
  | { readonly kind: 'done'; readonly name: string; readonly verdict: Verdict }

/** Everything happens on this page and on this device: it makes no request after it has loaded. */
export function App({ first }: { readonly first: Locale }) {
  const [locale, setLocale] = useState(first)
  const [state, setState] = useState<State>({ kind: 'start', failed: false })
  const open = (file: File) => check(file, setState).catch(() => setState({ kind: 'start', failed: true }))
  useEffect(() => dropAnywhere((file) => void open(file)), [])
  const choose = (next: Locale) => {
    keepLocale(next)
    setLocale(next)
  }
  return (
    <Shell locale={locale} onLocale={choose}>
      {state.kind === 'start' && (
        <StartPage locale={locale} failed={state.failed} onFile={(file) => void open(file)} />
      )}
      {state.kind === 'working' && <WorkingPage locale={locale} {...state} />}
      {state.kind === 'done' && (
        <VerdictPage
          locale={locale}
          name={state.name}
          verdict={state.verdict}
          onAnother={() => setState({ kind: 'start', failed: false })}
        />
      )}
    </Shell>
  )
}

async function check(file: File, show: (state: State) => void): Promise<void> {
  const { name } = file
  show({ kind: 'working', name, done: 0, of: 0 })
  await drawn()
  const verdict = await verifyBundle(new Uint8Array(await file.arrayBuffer()), (done, of) => {
    show({ kind: 'working', name, done, of })
    return drawn()
  })
  show({ kind: 'done', name, verdict })
}

/** Lets the page draw itself and answer, between two helpings of ballots. */
const drawn = () => new Promise<void>((resolve) => setTimeout(resolve))

/** A file dropped beside the place for it must not replace the page. */
function dropAnywhere(onFile: (file: File) => void): () => void {
  const over = (event: DragEvent) => event.preventDefault()
  const drop = (event: DragEvent) => {
    event.preventDefault()
    const file = event.dataTransfer?.files[0]
    if (file !== undefined) onFile(file)
  }
  addEventListener('dragover', over)
  addEventListener('drop', drop)
  return () => {
    removeEventListener('dragover', over)
    removeEventListener('drop', drop)
  }
}
