import { createFormats } from '@althing/web-ui/format.ts'
import { saveFile } from '@althing/web-ui/dom/keep.ts'
import { signs } from '@althing/web-ui/parts.ts'
import { adminTexts } from './admin-texts.ts'
import * as api from './api.ts'
import { checklist, isReady } from './checklist.ts'
import type { Room } from './room.ts'
import { Button } from './parts.tsx'
import { keyFileText, makeKey, type KeyFile } from './sealing-key.ts'
import { Where } from './where.tsx'
import { Tick } from './tick.tsx'

/** What is missing, the key, and the door. */
export function Opening(room: Room) {
  const { locale, election, kept, busy, clock, ask, act } = room
  const t = adminTexts(locale)
  const items = checklist(election, isSaved(room), clock())
  const start = election.scheduled_start
  const isLater = start !== null && new Date(start) > clock()
  const end = election.scheduled_end
  const at = end === null ? '' : createFormats(locale).dateTime(new Date(end))
  const publish = () =>
    ask({
      title: t('open.confirm.title'),
      text: t('open.confirm'),
      act: t('open.confirm.act'),
      onYes: () => act(() => api.open(election.id)),
    })
  return (
    <>
      <section className="card" aria-labelledby="checks">
        <h2 id="checks">{t('check.title')}</h2>
        <ul className="checks">
          {items.map(({ name, state, text }) => (
            <li key={name} className={`tone-${tones[state]}`}>
              <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">
                <path fill="currentColor" d={signs[tones[state]]} />
              </svg>
              <span>
                <span className="visually-hidden">{t(`check.${state}`)} </span>
                {t(text, { n: election.questions.length, at })}
              </span>
            </li>
          ))}
        </ul>
        <Where may="elections.open">
          <div className="row">
            <Button kind="primary" busy={busy || !isReady(items)} onPress={publish}>
              {t(isLater ? 'open.schedule' : 'open.now')}
            </Button>
          </div>
        </Where>
      </section>
      <Where may="elections.update">
        <SealingKey {...room} kept={kept} />
      </Where>
    </>
  )
}

const tones = { done: 'go', todo: 'stop', note: 'info' } as const

const isSaved = ({ election, kept }: Room): boolean =>
  kept !== null && kept.saved && kept.public_key === election.sealing_key

function SealingKey(room: Room) {
  const { locale, election, kept, busy, onKept, act } = room
  const t = adminTexts(locale)
  const isHere = kept !== null && kept.public_key === election.sealing_key
  const make = () =>
    act(async () => {
      const key = await makeKey(election.id)
      // Kept and saved before the election names it: a key that nobody has would lock every ballot for ever.
      onKept({ ...key, saved: false })
      save(key)
      return api.patch(election.id, { sealing_key: key.public_key })
    })
  return (
    <section className="card" aria-labelledby="key">
      <div className="stack-tight">
        <h2 id="key">{t('key.title')}</h2>
        <p>{t('key.why')}</p>
      </div>
      {isHere ? (
        <>
          <Tick isOn={kept.saved} put={(saved) => onKept({ ...kept, saved })}>
            {t('key.saved')}
          </Tick>
          <div className="row">
            <Button onPress={() => save(kept)}>{t('key.again')}</Button>
          </div>
          <p className="soft small">{t('key.here')}</p>
        </>
      ) : (
        <>
          {election.sealing_key !== null && <p className="soft">{t('key.elsewhere')}</p>}
          <div className="row">
            <Button busy={busy} onPress={make}>
              {t('key.make')}
            </Button>
          </div>
        </>
      )}
    </section>
  )
}

const save = (key: KeyFile): void =>
  saveFile(`althing-key-${key.election}.json`, keyFileText(key), 'application/json')
