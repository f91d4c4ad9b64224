import { useState } from 'react'
import { adminTexts } from './admin-texts.ts'
import { Confirm, type Question } from './confirm.tsx'
import { CopyButton } from './copy-button.tsx'
import type { Console } from './go.tsx'
import { Button, Choice, Notice, Pill } from './parts.tsx'
import { Section } from './person-page.tsx'
import { NewKey } from './program-new-key.tsx'
import type * as api from './programs-api.ts'
import { wordOf } from './client-fields.tsx'
import { At } from './state.tsx'
import { useMay } from './standing.ts'

interface OnceProps extends Pick<Console, 'locale'> {
  readonly value: string
  readonly kept: () => void
}

/** To be put where the program reads it, now: nobody can show it again. */
export function KeyOnce({ locale, value, kept }: OnceProps) {
  const t = adminTexts(locale)
  return (
    <Notice tone="wait" title={t('program.once')}>
      <p>{t('program.once.text')}</p>
      <p>
        <code id="program-key" className="wraps">
          {value}
        </code>
      </p>
      <CopyButton locale={locale} what={t('program.key')} text={value} />
      <div className="row">
        <Button kind="primary" onPress={kept}>
          {t('program.once.kept')}
        </Button>
      </div>
    </Notice>
  )
}

interface KeysProps extends Pick<Console, 'locale' | 'clock'> {
  readonly program: api.Program
  readonly busy: boolean
  readonly error: unknown
  readonly add: (body: unknown, made: () => void) => void
  readonly rotate: (key: string, until: string) => void
  readonly revoke: (key: string) => void
}

export function Keys({ locale, clock, program, busy, error, add, rotate, revoke }: KeysProps) {
  const t = adminTexts(locale)
  const [rotating, setRotating] = useState<string | null>(null)
  const mayChange = useMay()('service-identities.change')
  const [question, setQuestion] = useState<Question | null>(null)
  const askToRevoke = (key: string) =>
    setQuestion({
      title: t('program.revoke.title', { key }),
      text: t('program.revoke.text'),
      act: t('program.revoke'),
      onYes: () => revoke(key),
    })
  return (
    <Section title={t('program.keys')}>
      <p className="soft">{t('program.keys.text')}</p>
      {program.keys.length > 0 && (
        <ul className="rows" aria-label={t('program.keys')}>
          {program.keys.map((key) => (
            <li key={key.id}>
              <About locale={locale} shown={key} />
              {key.state === 'live' && mayChange && (
                <div className="row">
                  {!key.rotated && !program.disabled && (
                    <Button busy={busy} onPress={() => setRotating(key.id)}>
                      {t('program.rotate')}
                      <span className="visually-hidden">: {key.id}</span>
                    </Button>
                  )}
                  <Button busy={busy} kind="danger" onPress={() => askToRevoke(key.id)}>
                    {t('program.revoke')}
                    <span className="visually-hidden">: {key.id}</span>
                  </Button>
                </div>
              )}
            </li>
          ))}
        </ul>
      )}
      {rotating !== null && (
        <Rotating
          key={rotating}
          locale={locale}
          clock={clock}
          onClose={() => setRotating(null)}
          rotate={(until) => {
            setRotating(null)
            rotate(rotating, until)
          }}
        />
      )}
      {!program.disabled && mayChange && (
        <NewKey locale={locale} program={program} busy={busy} error={error} add={add} />
      )}
      <Confirm locale={locale} question={question} onClose={() => setQuestion(null)} />
    </Section>
  )
}

function About({ locale, shown }: Pick<Console, 'locale'> & { readonly shown: api.Key }) {
  const t = adminTexts(locale)
  const { id, state, rotated, scopes, resources, networks, hours, endsAt, usedAt } = shown
  const may = [
    ...scopes.map((scope) => t('program.scope', { scope: wordOf(scope) })),
    ...Object.entries(resources).map(([uri, words]) => `${uri} (${words})`),
  ]
  const standing = state === 'live' && rotated ? 'rotated' : state
  return (
    <div className="rows-main">
      <p>
        <code>{id}</code>{' '}
        <Pill tone={standing === 'live' ? 'go' : standing === 'rotated' ? 'wait' : 'stop'}>
          {t('program.key.state', { state: standing })}
        </Pill>
      </p>
      <p>{may.join(', ')}</p>
      <p className="soft small">
        {networks === null
          ? t('program.key.everywhere')
          : t('program.key.from', { networks: networks.join(', ') })}
        ;{' '}
        {hours === null ? t('program.key.always') : t('program.key.hours', { from: hours[0], to: hours[1] })}
      </p>
      <p className="soft small">
        {t('program.key.ends')} <At locale={locale} at={endsAt} />; {t('client.used.small')}{' '}
        {usedAt === null ? t('client.used.small.never') : <At locale={locale} at={usedAt} />}
      </p>
    </div>
  )
}

interface RotatingProps extends Pick<Console, 'locale' | 'clock'> {
  readonly onClose: () => void
  readonly rotate: (until: string) => void
}

const overlaps = ['1', '7', '30'] as const
/** The longest overlap is measured when it arrives: what was thirty days when it was chosen must not be more. */
const underwayMs = 60_000

/** Until when both open, and then the new one. */
function Rotating({ locale, clock, onClose, rotate }: RotatingProps) {
  const t = adminTexts(locale)
  const [days, setDays] = useState<string>(overlaps[0])
  const until = () => new Date(clock().getTime() + Number(days) * 86_400_000 - underwayMs).toISOString()
  return (
    <div className="card stack">
      <Choice
        id="rotate-days"
        label={t('program.rotate.until')}
        value={days}
        set={setDays}
        options={overlaps.map((one) => [one, t('program.rotate.in', { days: one })] as const)}
      />
      <div className="row">
        <Button kind="primary" onPress={() => rotate(until())}>
          {t('program.rotate.go')}
        </Button>
        <Button kind="quiet" onPress={onClose}>
          {t('confirm.cancel')}
        </Button>
      </div>
    </div>
  )
}
