import { adminTexts } from './admin-texts.ts'
import * as api from './api.ts'
import type { Room } from './room.ts'
import { Button } from './parts.tsx'
import { useMay } from './standing.ts'

/** The few levers of an election that others already see. What cannot be taken back asks for a word. */
export function Running(room: Room) {
  const { locale, election, busy, act } = room
  const t = adminTexts(locale)
  const may = useMay()
  const isGoing = election.status === 'open' || election.status === 'paused'
  return (
    <div className="row">
      {election.status === 'open' && may('elections.pause') && <Pause {...room} />}
      {election.status === 'paused' && may('elections.resume') && (
        <Button kind="primary" busy={busy} onPress={() => act(() => api.step(election.id, 'resume'))}>
          {t('resume')}
        </Button>
      )}
      {isGoing && may('elections.close') && <Close {...room} />}
      {may(election.hidden ? 'elections.unhide' : 'elections.hide') && <Hide {...room} />}
    </div>
  )
}

function Pause({ locale, election, busy, ask, act }: Room) {
  const t = adminTexts(locale)
  const onYes = () => act(() => api.step(election.id, 'pause'))
  const question = { title: t('pause.confirm.title'), text: t('pause.confirm'), act: t('pause'), onYes }
  return (
    <Button busy={busy} onPress={() => ask(question)}>
      {t('pause')}
    </Button>
  )
}

function Close({ locale, election, busy, ask, act }: Room) {
  const t = adminTexts(locale)
  const { voted, entitled } = election.turnout
  const question = {
    title: t('close.confirm.title'),
    text: t('close.confirm', { voted, entitled: entitled ?? 0 }),
    act: t('close'),
    word: t('close.word'),
    onYes: () => act(() => api.step(election.id, 'close')),
  }
  return (
    <Button kind="danger" busy={busy} onPress={() => ask(question)}>
      {t('close')}
    </Button>
  )
}

/** Showing again takes nothing from anybody, so it does not ask. */
function Hide({ locale, election, busy, ask, act }: Room) {
  const t = adminTexts(locale)
  const { id, hidden } = election
  const step = (verb: 'hide' | 'unhide') => act(() => api.step(id, verb))
  const question = {
    title: t('hide.confirm.title'),
    text: t('hide.confirm'),
    act: t('hide'),
    onYes: () => step('hide'),
  }
  return (
    <Button
      kind={hidden ? 'secondary' : 'quiet'}
      busy={busy}
      onPress={() => (hidden ? step('unhide') : ask(question))}
    >
      {t(hidden ? 'unhide' : 'hide')}
    </Button>
  )
}
