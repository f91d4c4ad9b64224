import { createFormats } from '@althing/web-ui/format.ts'
import { useState } from 'react'
import { adminTexts } from './admin-texts.ts'
import { Confirm, type Question } from './confirm.tsx'
import { useWritten } from './confirm-written.ts'
import { Go, type Console } from './go.tsx'
import { Button, Notice } from './parts.tsx'
import * as api from './policies-api.ts'
import { Barred, isBarred } from './policy-barred.tsx'
import { accountOf, room } from './policy-parts.tsx'
import type { Names } from './whose.tsx'

export type Done = 'proposed' | 'activated' | 'withdrawn' | 'onTop' | 'takenBack'

interface Props extends Pick<Console, 'locale' | 'go'> {
  readonly draft: api.DraftRead
  readonly keeper: api.Keeper
  readonly names: Names
  readonly busy: boolean
  readonly work: (what: () => Promise<unknown>, then: Done) => void
}

/** What can be done with an open draft by whoever is here; and where they cannot do the next thing, who does it or why they may not. */
export function Acts(props: Props) {
  const { locale, go, draft, keeper, busy, work } = props
  const t = adminTexts(locale)
  const [question, setQuestion] = useState<Question | null>(null)
  const written = useWritten(`draft ${draft.id}`)
  const { id, version, title, proposedBy, changedAt } = draft
  const writes = keeper.may('policy.draft')
  const activates = keeper.may('policy.activate') && proposedBy !== null && !isOwn(props)
  const askActivate = () =>
    setQuestion({
      title: t('draft.activate.title', { title }),
      text: t('draft.activate.text', {
        who: authorsIn(props).join(', '),
        at: createFormats(locale).dateTime(new Date(changedAt)),
      }),
      act: t('draft.activate'),
      asksWhy: 'optional',
      ...written('activate'),
      onYes: (reason) => work(() => api.activate(id, version, reason), 'activated'),
    })
  const askWithdraw = () =>
    setQuestion({
      title: t('draft.withdraw.title', { title }),
      text: t('draft.withdraw.text'),
      act: t('draft.withdraw'),
      onYes: () => work(() => api.withdraw(id, version), 'withdrawn'),
    })
  return (
    <>
      <Next {...props} />
      <div className="row">
        {proposedBy === null && writes && (
          <Button kind="primary" busy={busy} onPress={() => work(() => api.propose(id, version), 'proposed')}>
            {t('draft.propose')}
          </Button>
        )}
        {activates && (
          <Button kind="primary" busy={busy} onPress={askActivate}>
            {t('draft.activate')}
          </Button>
        )}
        {writes && (
          <>
            <Go to={`/admin/${room}/${id}/edit`} go={go} className="button button-secondary">
              {t('draft.edit')}
            </Go>
            <Button kind="danger" busy={busy} onPress={askWithdraw}>
              {t('draft.withdraw')}
            </Button>
          </>
        )}
      </div>
      <Confirm locale={locale} question={question} onClose={() => setQuestion(null)} />
    </>
  )
}

const isOwn = ({ keeper: { actor }, draft: { proposedBy, changedBy } }: Props): boolean =>
  actor === proposedBy || actor === changedBy

/** What comes next, and by whom. */
function Next(props: Props) {
  const { locale, go, keeper, draft } = props
  const t = adminTexts(locale)
  if (draft.proposedBy === null) {
    if (keeper.may('policy.draft')) return <p>{t('draft.next.write')}</p>
    if (isBarred(keeper, 'policy.draft'))
      return <Barred locale={locale} go={go} keeper={keeper} act="policy.draft" />
    return <p>{t('draft.next.unproposed')}</p>
  }
  if (isOwn(props)) return <p>{t('draft.next.wait')}</p>
  if (isBarred(keeper, 'policy.activate'))
    return <Barred locale={locale} go={go} keeper={keeper} act="policy.activate" />
  if (!keeper.may('policy.activate')) return <p>{t('draft.next.others')}</p>
  return (
    <>
      <p>{t('draft.next.read')}</p>
      <Former {...props} />
    </>
  )
}

/** What somebody wrote whose office is over is read with other eyes. */
function Former(props: Props) {
  const t = adminTexts(props.locale)
  const former = authorsIn(props, (author) => author.isAdministrator === false)
  if (former.length === 0) return null
  return (
    <Notice tone="wait" title={t('draft.former', { who: former.join(', '), count: former.length })}>
      <p>{t('draft.former.text')}</p>
    </Notice>
  )
}

type Author = api.DraftRead['authors'][number]

function authorsIn({ locale, draft, names }: Props, isMeant: (author: Author) => boolean = () => true) {
  const t = adminTexts(locale)
  const called = draft.authors.filter(isMeant).map(({ actor }) => {
    const account = accountOf(actor)
    if (account === null) return t('policies.by', { kind: actor.split(':')[0] ?? '' })
    return names.get(account) ?? t('override.somebody')
  })
  return [...new Set(called)]
}
