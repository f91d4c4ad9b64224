import { createFormats } from '@althing/web-ui/format.ts'
import type { Locale } from '@althing/web-ui/locale.ts'
import { signs, type Tone } from '@althing/web-ui/parts.ts'
import { stepGeometry, type Step } from '@althing/web-ui/vote.ts'
import { uiTexts } from '@althing/web-ui/ui-texts.ts'
import { adminTexts } from './admin-texts.ts'
import { useEffect, useRef, type ComponentProps, type ReactNode } from 'react'

/** The patterns of web/ui for the console. */
export function Pill({ tone, children }: { readonly tone: Tone; readonly children: ReactNode }) {
  return (
    <span className={`pill tone-${tone}`}>
      <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">
        <path fill="currentColor" d={signs[tone]} />
      </svg>
      {children}
    </span>
  )
}

interface NoticeProps {
  readonly tone: Exclude<Tone, 'plain'>
  readonly title: string
  readonly children?: ReactNode
}

export function Notice({ tone, title, children }: NoticeProps) {
  return (
    <div className={`notice tone-${tone}`} role={tone === 'stop' ? 'alert' : 'status'}>
      <p className="notice-title">{title}</p>
      {children}
    </div>
  )
}

type ButtonProps = Omit<ComponentProps<'button'>, 'onClick'> & {
  readonly kind?: 'primary' | 'secondary' | 'quiet' | 'danger'
  readonly busy?: boolean
  readonly onPress?: () => unknown
}

/** While it works it cannot be pressed again, but stays where the keyboard is. */
export function Button({ kind = 'secondary', busy = false, onPress, children, ...rest }: ButtonProps) {
  return (
    <button
      type={onPress === undefined ? 'submit' : 'button'}
      className={`button button-${kind}`}
      aria-disabled={busy ? true : undefined}
      onClick={(event) => {
        if (busy) event.preventDefault()
        else void onPress?.()
      }}
      {...rest}
    >
      {children}
    </button>
  )
}

/** On the first page of a load the browser itself says where it begins. */
let isFirst = true

export function PageHeading({ children }: { readonly children: ReactNode }) {
  const at = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    if (!isFirst) at.current?.focus()
    isFirst = false
  }, [])
  // Tabs and history tell the rooms apart by it.
  useEffect(() => {
    const [, organisation = ''] = /( · .*)$/.exec(document.title) ?? []
    document.title = `${at.current?.textContent ?? ''}${organisation}`
  }, [children])
  return (
    <h1 ref={at} tabIndex={-1}>
      {children}
    </h1>
  )
}

/** What is known of one thing: a name and a value in each line. */
export function Facts({ rows }: { readonly rows: readonly (readonly [name: string, value: ReactNode])[] }) {
  return (
    <dl className="facts">
      {rows.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

interface ChoiceProps {
  readonly id: string
  readonly label: string
  readonly value: string
  readonly options: readonly (readonly [value: string, label: string])[]
  readonly set: (value: string) => void
}

/** One of several, as a field among filters. */
export function Choice({ id, label, value, options, set }: ChoiceProps) {
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <select id={id} className="input" value={value} onChange={(event) => set(event.target.value)}>
        {options.map(([one, words]) => (
          <option key={one} value={one}>
            {words}
          </option>
        ))}
      </select>
    </div>
  )
}

interface PagerProps {
  readonly locale: Locale
  /** The cursors of the pages turned so far; the last is that of the page that is shown. */
  readonly turned: readonly string[]
  readonly turn: (cursors: readonly string[]) => void
  readonly next: string | null
}

export function Pager({ locale, turned, turn, next }: PagerProps) {
  const t = adminTexts(locale)
  return (
    <div className="row">
      {turned.length > 0 && <Button onPress={() => turn(turned.slice(0, -1))}>{t('page.before')}</Button>}
      {next !== null && <Button onPress={() => turn([...turned, next])}>{t('page.next')}</Button>}
    </div>
  )
}

export interface Column<Row> {
  readonly title: string
  readonly cell: (row: Row) => ReactNode
  readonly number?: boolean
}

interface StackedProps<Row> {
  readonly label: string
  readonly columns: readonly Column<Row>[]
  readonly rows: readonly Row[]
  readonly keyOf: (row: Row) => string
}

/** A table whose rows stand as cards on a telephone. The first column names the row. */
export function StackedTable<Row>({ label, columns, rows, keyOf }: StackedProps<Row>) {
  return (
    <div className="table-wrap" role="region" aria-label={label} tabIndex={0}>
      <table className="stacks">
        <thead>
          <tr>
            {columns.map(({ title, number }) => (
              <th key={title} scope="col" className={number ? 'number' : undefined}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)}>
              {columns.map(({ title, cell, number }, n) =>
                n === 0 ? (
                  <th key={title} scope="row">
                    {cell(row)}
                  </th>
                ) : (
                  <td key={title} className={number ? 'number' : undefined} data-column={title}>
                    <div>{cell(row)}</div>
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

type Text = { readonly is?: string | undefined; readonly en?: string | undefined }

/** A text that exists in one language only says which. */
export function Said({ text, locale }: { readonly text: Text; readonly locale: Locale }) {
  const own = text[locale]
  if (own !== undefined) return own
  const other = locale === 'is' ? 'en' : 'is'
  return <span lang={other}>{text[other]}</span>
}

export const sayOne = (text: Text, locale: Locale): string =>
  text[locale] ?? text[locale === 'is' ? 'en' : 'is'] ?? ''

interface TurnoutProps {
  readonly locale: Locale
  readonly points: readonly Step[]
  readonly until: Date
  readonly most: number
}

/** Steps, because between two figures nothing is known. */
export function TurnoutChart({ locale, points, until, most }: TurnoutProps) {
  const t = uiTexts(locale)
  const formats = createFormats(locale)
  const { line, area } = stepGeometry(points, until, most)
  return (
    <figure className="turnout stack-tight">
      <p aria-live="polite">
        <span className="count">{formats.number(points.at(-1)?.count ?? 0)}</span>{' '}
        <span className="soft">{t('turnout.of', { most })}</span>
      </p>
      <svg viewBox="0 0 600 200" preserveAspectRatio="none" aria-hidden="true" focusable="false">
        <path className="turnout-axis" d="M0 0H600M0 200H600" />
        <path className="turnout-area" d={area} />
        <path className="turnout-line" d={line} />
      </svg>
      <p className="turnout-ends">
        <span>{formats.time(points[0]?.at ?? until)}</span>
        <span>{formats.time(until)}</span>
      </p>
    </figure>
  )
}
