import { adminTexts } from './admin-texts.ts'
import * as api from './api.ts'
import type { Room } from './detail-page.tsx'
import { Button } from './parts.tsx'

/** The few levers of an election that others already see. What cannot be taken back asks for a word. */
export function Running({ locale, election, busy, ask, act }: Room) {
  const t = adminTexts(locale)
  const { id, status, hidden, turnout } = election
  const step = (verb: Parameters<typeof api.step>[1]) => act(() => api.step(id, verb))
  const isRunning = status === 'open' || status === 'paused'
  return (
    <div className="row">
      {status === 'open' && (
        <Button
          busy={busy}
          onPress={() =>
            ask({
              title: t('pause.confirm.title'),
              text: t('pause.confirm'),
              act: t('pause'),
              onYes: () => step('pause'),
            })
          }
        >
          {t('pause')}
        </Button>
      )}
      {status === 'paused' && (
        <Button kind="primary" busy={busy} onPress={() => step('resume')}>
          {t('resume')}
        </Button>
      )}
      {isRunning && (
        <Button
          kind="danger"
          busy={busy}
          onPress={() =>
            ask({
              title: t('close.confirm.title'),
              text: t('close.confirm', { voted: turnout.voted, entitled: turnout.entitled ?? 0 }),
              act: t('close'),
              word: t('close.word'),
              onYes: () => step('close'),
            })
          }
        >
          {t('close')}
        </Button>
      )}
      {hidden ? (
        <Button busy={busy} onPress={() => step('unhide')}>
          {t('unhide')}
        </Button>
      ) : (
        <Button
          kind="quiet"
          busy={busy}
          onPress={() =>
            ask({
              title: t('hide.confirm.title'),
              text: t('hide.confirm'),
              act: t('hide'),
              onYes: () => step('hide'),
            })
          }
        >
          {t('hide')}
        </Button>
      )}
    </div>
  )
}
