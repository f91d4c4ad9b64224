import { useEffect, useState } from 'react'
import { Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components'
import { adminTexts } from './admin-texts.ts'
import { Finding } from './finding.tsx'
import type { Console } from './go.tsx'
import type { Places } from './found.ts'
import { Button } from './parts.tsx'

interface Props extends Pick<Console, 'locale' | 'go'>, Places {}

/** What keys do here. Single letters can be turned off: whoever speaks to their computer says many (WCAG 2.2, 2.1.4). */
export function Keys({ locale, go, rooms }: Props) {
  const t = adminTexts(locale)
  const [shown, show] = useState<'find' | 'keys' | null>(null)
  const [singles, setSingles] = useSingles()
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      const meant = keyOf(event, singles)
      if (meant === null) return
      if (meant === 'search' && focusSearch()) return event.preventDefault()
      event.preventDefault()
      show(meant === 'keys' ? 'keys' : 'find')
    }
    addEventListener('keydown', pressed)
    return () => removeEventListener('keydown', pressed)
  }, [singles])
  const close = () => show(null)
  return (
    <>
      <div className="row keys-row">
        <Button kind="secondary" onPress={() => show('find')}>
          {t('find.open')}
        </Button>
        <Button kind="quiet" onPress={() => show('keys')}>
          {t('keys.open')}
        </Button>
      </div>
      <ModalOverlay
        className="veil"
        isOpen={shown !== null}
        onOpenChange={(open) => !open && close()}
        isDismissable
      >
        <Modal className="sheet">
          <Dialog className="stack">
            {shown === 'find' && <Finding locale={locale} go={go} rooms={rooms} close={close} />}
            {shown === 'keys' && (
              <KeyList locale={locale} singles={singles} setSingles={setSingles} close={close} />
            )}
          </Dialog>
        </Modal>
      </ModalOverlay>
    </>
  )
}

interface ListProps extends Pick<Console, 'locale'> {
  readonly singles: boolean
  readonly setSingles: (on: boolean) => void
  readonly close: () => void
}

function KeyList({ locale, singles, setSingles, close }: ListProps) {
  const t = adminTexts(locale)
  const isMac = /Mac|iPhone|iPad/.test(navigator.userAgent)
  const keys = [
    [isMac ? '⌘ K' : 'Ctrl K', t('keys.find')],
    ['/', t('keys.search')],
    ['?', t('keys.list')],
    ['Esc', t('keys.close')],
  ] as const
  return (
    <>
      <Heading slot="title">{t('keys.title')}</Heading>
      <dl className="facts">
        {keys.map(([key, words]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{words}</dd>
          </div>
        ))}
      </dl>
      <div className="choice">
        <input
          type="checkbox"
          id="keys-singles"
          checked={singles}
          onChange={(event) => setSingles(event.target.checked)}
        />
        <label htmlFor="keys-singles">{t('keys.singles')}</label>
      </div>
      <div className="row">
        <Button kind="primary" onPress={close}>
          {t('keys.close')}
        </Button>
      </div>
    </>
  )
}

type Meant = 'find' | 'search' | 'keys'

/** Null for what is written into a field, and while something else is asked. */
function keyOf(event: KeyboardEvent, singles: boolean): Meant | null {
  const { key, ctrlKey, metaKey, altKey, target } = event
  if (document.querySelector('[role=dialog], [role=alertdialog]') !== null) return null
  if ((ctrlKey || metaKey) && !altKey && key.toLowerCase() === 'k') return 'find'
  const isWriting = target instanceof HTMLElement && target.closest('input, textarea, select') !== null
  if (!singles || isWriting || ctrlKey || metaKey || altKey) return null
  if (key === '/') return 'search'
  return key === '?' ? 'keys' : null
}

/** @returns whether this room has a field to search in */
function focusSearch(): boolean {
  const field = document.querySelector<HTMLInputElement>('main input[type=search]')
  field?.focus()
  field?.select()
  return field !== null
}

const stored = 'althing.keys'

/** Kept on this device; where nothing may be kept, for this page. */
function useSingles(): readonly [boolean, (on: boolean) => void] {
  const [on, set] = useState(() => {
    try {
      return localStorage.getItem(stored) !== 'off'
    } catch {
      return true
    }
  })
  const keep = (next: boolean) => {
    set(next)
    try {
      localStorage.setItem(stored, next ? 'on' : 'off')
    } catch {
      // For this page only.
    }
  }
  return [on, keep]
}
