import { createFormats } from '@althing/web-ui/format.ts'
import { useState } from 'react'
import { adminTexts } from './admin-texts.ts'
import { Go, type Console } from './go.tsx'
import { useLoaded } from './loaded.ts'
import { Button, Facts, Notice, StackedTable, type Column } from './parts.tsx'
import { Section } from './person-page.tsx'
import * as api from './policies-api.ts'
import { PolicyProblem } from './policy-parts.tsx'
import { At } from './state.tsx'

interface Props extends Pick<Console, 'locale' | 'go'> {
  readonly draft: api.Draft
  readonly writes: boolean
}

/** What would have been decided otherwise: of the last decisions at once, and of those to come while it is tried beside what is in force. */
export function Impacts({ locale, go, draft, writes }: Props) {
  const t = adminTexts(locale)
  const [impact, setImpact] = useState<api.Impact | null>(null)
  // Whether it is tried now is known before anybody asks for more.
  const shadow = useLoaded(() => api.shadow(draft.id), [draft.id])
  const [error, setError] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const work = (what: () => Promise<unknown>) => {
    setBusy(true)
    what()
      .then(() => setError(null), setError)
      .finally(() => setBusy(false))
  }
  const look = () => work(async () => setImpact(await api.impact(draft.id)))
  return (
    <Section title={t('impact.title')}>
      <p className="soft">{t('impact.text')}</p>
      <PolicyProblem locale={locale} error={error ?? shadow.error} />
      <div className="row">
        <Button busy={busy} onPress={look}>
          {t('impact.act')}
        </Button>
      </div>
      {impact !== null && <Report locale={locale} go={go} impact={impact} />}
      {shadow.value !== null && (
        <Tried
          locale={locale}
          draft={draft}
          shadow={shadow.value}
          busy={shadow.busy}
          writes={writes}
          start={() => shadow.act(() => api.startShadow(draft.id))}
          end={() => shadow.act(() => api.endShadow(draft.id))}
        />
      )}
    </Section>
  )
}

function Report({ locale, go, impact }: Pick<Console, 'locale' | 'go'> & { readonly impact: api.Impact }) {
  const t = adminTexts(locale)
  const { looked, replayed, wouldAllow, wouldDeny, changedAlready, unknown, readsMore, flips } = impact
  const count = (value: number) => t('impact.count', { count: value })
  if (looked === 0) return <p role="status">{t('impact.none')}</p>
  return (
    <>
      <Facts
        rows={[
          [t('impact.replayed'), t('impact.of', { replayed, looked })],
          [t('impact.wouldAllow'), count(wouldAllow)],
          [t('impact.wouldDeny'), count(wouldDeny)],
          ...(changedAlready > 0 ? [[t('impact.already'), count(changedAlready)] as const] : []),
          ...(unknown.notKept > 0 ? [[t('impact.notKept'), count(unknown.notKept)] as const] : []),
          ...(unknown.readsMore > 0 ? [[t('impact.readsMore'), count(unknown.readsMore)] as const] : []),
        ]}
      />
      {readsMore.length > 0 && (
        <p className="soft wraps">{t('impact.reads', { what: readsMore.join(', ') })}</p>
      )}
      {flips.length > 0 && (
        <StackedTable
          label={t('impact.flips')}
          columns={flipColumns(locale, go)}
          rows={flips.slice(0, 20)}
          keyOf={({ id }) => id}
        />
      )}
    </>
  )
}

type Flip = api.Impact['flips'][number]

function flipColumns(locale: Console['locale'], go: Console['go']): readonly Column<Flip>[] {
  const t = adminTexts(locale)
  return [
    {
      title: t('decision.what'),
      cell: ({ id, action }) => (
        <Go to={`/admin/decisions/${id}`} go={go}>
          {action}
        </Go>
      ),
    },
    { title: t('decision.who'), cell: ({ subject }) => <code className="wraps">{nameOf(subject)}</code> },
    { title: t('decision.to'), cell: ({ resource }) => <code className="wraps">{nameOf(resource)}</code> },
    { title: t('impact.after'), cell: ({ after }) => t(after.decision ? 'decision.allow' : 'decision.deny') },
    { title: t('decision.by'), cell: ({ after }) => after.policies.join(', ') || t('decision.nothing') },
    { title: t('col.when'), cell: ({ at }) => <At locale={locale} at={at} /> },
  ]
}

const nameOf = ({ type, id }: { readonly type: string; readonly id: string }) => `${type}::${id}`

/** Which text it is: a draft is saved again while an older one is tried. */
function runningWords(
  locale: Console['locale'],
  { version, changedAt }: api.Draft,
  running: NonNullable<api.Shadow['running']>,
): string {
  const at = (moment: string) => createFormats(locale).dateTime(new Date(moment))
  const t = adminTexts(locale)
  return running.version === version
    ? t('shadow.running', { at: at(changedAt) })
    : t('shadow.running.older', { at: at(running.startedAt) })
}

interface TriedProps extends Pick<Console, 'locale'> {
  readonly draft: api.Draft
  readonly shadow: api.Shadow
  readonly busy: boolean
  readonly writes: boolean
  readonly start: () => void
  readonly end: () => void
}

function Tried({ locale, draft, shadow: { running }, busy, writes, start, end }: TriedProps) {
  const t = adminTexts(locale)
  if (running !== null)
    return (
      <Notice tone="wait" title={runningWords(locale, draft, running)}>
        <p>{t('shadow.counts', { compared: running.compared, differed: running.differed })}</p>
        {writes && (
          <div className="row">
            <Button busy={busy} onPress={end}>
              {t('shadow.end')}
            </Button>
          </div>
        )}
      </Notice>
    )
  if (!writes) return null
  return (
    <>
      <p className="soft">{t('shadow.text')}</p>
      <div className="row">
        <Button busy={busy} onPress={start}>
          {t('shadow.start')}
        </Button>
      </div>
    </>
  )
}
