/** @jsxImportSource preact */
import type { ComponentChildren, JSX } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { everySecond } from '../dom/clock.ts'
import { copyText } from '../dom/keep.ts'
import { announce, focusHeading } from '../dom/live.ts'
import { createFormats } from '../format.ts'
import type { Locale } from '../locale.ts'
import { signs } from '../parts.ts'
import type { Tone } from '../parts.ts'
import { qrPath } from '../qr.ts'
import { uiTexts } from '../ui-texts.ts'
import { remaining } from '../vote.ts'

/** The patterns of this folder as Preact components: the same class names as the pages that a server writes. */
export function Sign({ tone }: { readonly tone: Tone }) {
  return (
    <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">
      <path fill="currentColor" d={signs[tone]} />
    </svg>
  )
}

export function Pill({ tone, children }: { readonly tone: Tone; readonly children: ComponentChildren }) {
  return (
    <span class={`pill tone-${tone}`}>
      <Sign tone={tone} />
      {children}
    </span>
  )
}

interface NoticeProps {
  readonly tone: Exclude<Tone, 'plain'>
  readonly title: string
  readonly children?: ComponentChildren
}

/** Something the person should know; what appears because something went wrong interrupts a reader. */
export function Notice({ tone, title, children }: NoticeProps) {
  return (
    <div class={`notice tone-${tone}`} role={tone === 'stop' ? 'alert' : 'status'}>
      <p class="notice-title">{title}</p>
      {children}
    </div>
  )
}

interface ClockProps {
  readonly locale: Locale
  readonly until: Date
  readonly now: () => Date
  readonly onOver?: () => void
}

/** What is left, and the exact time beside it. */
export function Clock({ locale, until, now, onOver }: ClockProps) {
  const [at, setAt] = useState(now)
  useEffect(() => everySecond(setAt, now), [until.getTime()])
  const { text, last, over } = remaining(locale, until, at)
  useEffect(() => {
    if (over) onOver?.()
  }, [over])
  return (
    <span class={last ? 'clock clock-last' : 'clock'}>
      <span class="clock-left">{text}</span>{' '}
      <time class="soft" dateTime={until.toISOString()}>
        {createFormats(locale).exact(until)}
      </time>
    </span>
  )
}

/** How long from now, the exact time behind it. */
export function When({
  locale,
  at,
  now,
}: {
  readonly locale: Locale
  readonly at: Date
  readonly now: Date
}) {
  const formats = createFormats(locale)
  return (
    <time dateTime={at.toISOString()} title={formats.exact(at)}>
      {formats.relative(at, now)}
    </time>
  )
}

/** On the first page of a load the browser itself says where it begins. */
let isFirst = true

/** A heading that a reader and the keyboard come to when the page has changed under them. */
export function Heading({ children, quiet = false }: { children: ComponentChildren; quiet?: boolean }) {
  const at = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    const brand = document.querySelector('.brand')?.textContent ?? ''
    document.title = [at.current?.textContent, brand].filter(Boolean).join(' · ')
  })
  useEffect(() => {
    if (!quiet && !isFirst && at.current?.parentElement) focusHeading(at.current.parentElement)
    isFirst = false
  }, [])
  return <h1 ref={at}>{children}</h1>
}

/** Skeletons and waits show only after 200 ms. */
export function Waiting({ locale, children }: { locale: Locale; children?: ComponentChildren }) {
  return (
    <p class="wait-soon soft" role="status">
      {children ?? uiTexts(locale)('loading')}
    </p>
  )
}

type ButtonProps = Omit<JSX.IntrinsicElements['button'], 'class' | 'type' | 'onClick' | 'disabled'> & {
  readonly kind?: 'primary' | 'secondary' | 'quiet' | 'danger'
  readonly busy?: boolean
  readonly onPress?: () => unknown
}

/** A verb. While it works it cannot be pressed again, but stays where the keyboard is. */
export function Button({
  kind = 'secondary',
  busy = false,
  onPress,
  children,
  className,
  ...rest
}: ButtonProps) {
  return (
    <button
      type={onPress === undefined ? 'submit' : 'button'}
      class={`button button-${kind}${className === undefined ? '' : ` ${String(className)}`}`}
      aria-disabled={busy ? 'true' : undefined}
      onClick={(event) => {
        if (busy) event.preventDefault()
        else onPress?.()
      }}
      {...rest}
    >
      {children}
    </button>
  )
}

export function CopyButton({ locale, text }: { readonly locale: Locale; readonly text: string }) {
  const t = uiTexts(locale)
  const [done, setDone] = useState<boolean | null>(null)
  const copy = async () => {
    const copied = await copyText(text)
    setDone(copied)
    announce(copied ? t('copied') : t('copy.failed'))
  }
  return (
    <>
      <Button onPress={() => void copy()}>{done ? t('copied') : t('copy')}</Button>
      {done === false && <span class="error">{t('copy.failed')}</span>}
    </>
  )
}

export function Qr({ text, label }: { readonly text: string; readonly label: string }) {
  const { size, d } = qrPath(text)
  return (
    <svg
      class="qr"
      viewBox={`0 0 ${size} ${size}`}
      role="img"
      aria-label={label}
      shape-rendering="crispEdges"
    >
      <path fill="currentColor" d={d} />
    </svg>
  )
}

/** Words to be read aloud and compared. */
export function Words({ words, label }: { readonly words: readonly string[]; readonly label: string }) {
  return (
    <ol class="words" aria-label={label}>
      {words.map((word, index) => (
        <li key={index} translate={false}>
          {word}
        </li>
      ))}
    </ol>
  )
}

/** A text that may exist in one language only: then it says which, so that a reader pronounces it rightly. */
export function Said({
  text,
  locale,
}: {
  readonly text: { readonly is?: string | undefined; readonly en?: string | undefined }
  readonly locale: Locale
}) {
  const own = text[locale]
  if (own !== undefined) return <>{own}</>
  const other = locale === 'is' ? 'en' : 'is'
  return <span lang={other}>{text[other]}</span>
}

export const sayOne = (
  text: { readonly is?: string | undefined; readonly en?: string | undefined },
  locale: Locale,
): string => text[locale] ?? text[locale === 'is' ? 'en' : 'is'] ?? ''
