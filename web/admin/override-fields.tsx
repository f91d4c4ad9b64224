import { Refused } from '@althing/web-ui/dom/http.ts'
import { adminTexts } from './admin-texts.ts'
import { ActionsPicker } from './actions-picker.tsx'
import { Field } from './fields.tsx'
import type { Console } from './go.tsx'
import { zoneHere } from './moments.ts'
import type { Mistakes, OverrideForm } from './override-form.ts'
import type { Action } from './overrides-api.ts'
import { PersonPicker } from './person-picker.tsx'
import { sentenceOf } from './problem.tsx'
import { Radios } from './radios.tsx'
import { tooLong } from './too-long.ts'

interface Props extends Pick<Console, 'locale' | 'go'> {
  readonly form: OverrideForm
  readonly set: (form: OverrideForm) => void
  readonly wrong: Mistakes
  /** What the service said of whom it is for. */
  readonly refused: unknown
  readonly mostDays: number
  readonly rank: number
  readonly actions: readonly Action[]
}

export function OverrideFields(props: Props) {
  return (
    <>
      <About {...props} />
      <Bounds {...props} />
    </>
  )
}

function wordsOf(locale: Props['locale'], mistake: Mistakes[keyof Mistakes]): string | undefined {
  const t = adminTexts(locale)
  if (mistake === undefined) return undefined
  return mistake === 'written' ? t('permissions.wrong.written') : t(`override.wrong.${mistake}`)
}

/** What it does, for whom, and with which actions. */
function About({ locale, go, form, set, wrong, refused, rank, actions }: Props) {
  const t = adminTexts(locale)
  // What can be given and not taken, or taken and not given: what was chosen of it goes with the other kind.
  const offered = (kind: OverrideForm['kind']) => actions.filter(({ withheld }) => withheld[kind] === null)
  const choose = (kind: OverrideForm['kind']) =>
    set({
      ...form,
      kind,
      actions: form.actions.filter((name) => offered(kind).some((one) => one.name === name)),
    })
  return (
    <>
      <Radios
        id="override-kind"
        legend={t('override.form.kind')}
        error={undefined}
        value={form.kind}
        set={(kind) => choose(kind === 'allow' ? 'allow' : 'deny')}
        options={(['deny', 'allow'] as const).map((kind) => ({
          value: kind,
          label: t(`override.form.${kind}`),
          hint: t(`override.form.${kind}.hint`),
        }))}
      />
      <div data-part="who">
        <PersonPicker
          locale={locale}
          rank={rank}
          subject={form.subject}
          called={form.called}
          go={go}
          isRoleless={refused !== null && isRoleless(refused)}
          error={wordsOf(locale, wrong.who) ?? (refused === null ? undefined : sentenceOf(refused, locale))}
          choose={(subject, called) => set({ ...form, subject, called })}
        />
      </div>
      <div data-part="actions" className="stack-tight">
        <ActionsPicker
          locale={locale}
          actions={offered(form.kind)}
          chosen={form.actions}
          error={wordsOf(locale, wrong.actions)}
          set={(chosen) => set({ ...form, actions: chosen })}
        />
        <Withheld locale={locale} kind={form.kind} actions={actions} />
      </div>
    </>
  )
}

/** Whoever looks for one of these is told that it is not forgotten. */
function Withheld({
  locale,
  kind,
  actions,
}: Pick<Props, 'locale' | 'actions'> & { readonly kind: OverrideForm['kind'] }) {
  const t = adminTexts(locale)
  const kept = actions.flatMap(({ name, withheld }) => {
    const why = withheld[kind]
    return why === null ? [] : [{ name, why }]
  })
  if (kept.length === 0) return null
  return (
    <details className="more">
      <summary>{t('override.form.withheld', { count: kept.length })}</summary>
      <ul className="stack-tight">
        {kept.map(({ name, why }) => (
          <li key={name}>
            <code className="wraps">{name}</code>: {t(`override.withheld.${why}`)}
          </li>
        ))}
      </ul>
    </details>
  )
}

/** On what, until when, and why. */
function Bounds({ locale, form, set, wrong, mostDays }: Props) {
  const t = adminTexts(locale)
  return (
    <>
      <div data-part="on">
        <Field
          id="override-on"
          label={t('override.form.on')}
          hint={t('override.form.on.hint')}
          error={wordsOf(locale, wrong.on)}
          value={form.on}
          onChange={(on) => set({ ...form, on })}
        />
      </div>
      <div data-part="until">
        <Field
          id="override-until"
          label={t('override.form.until', { zone: zoneHere(locale) })}
          hint={t('override.form.until.hint', { days: mostDays })}
          error={wordsOf(locale, wrong.until)}
          type="datetime-local"
          value={form.until}
          onChange={(until) => set({ ...form, until })}
        />
      </div>
      <div data-part="why">
        <Field
          id="override-why"
          label={t('override.form.why')}
          hint={t('override.form.why.hint')}
          error={tooLong(locale, form.reason) ?? wordsOf(locale, wrong.why)}
          long
          value={form.reason}
          onChange={(reason) => set({ ...form, reason })}
        />
      </div>
    </>
  )
}

const isRoleless = (reason: unknown): boolean =>
  reason instanceof Refused && reason.code === 'policy.overrides.no_role'
