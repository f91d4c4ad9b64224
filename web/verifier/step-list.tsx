/** @jsxImportSource preact */
import { Pill } from '@althing/web-ui/island/parts.tsx'
import type { Locale } from '@althing/web-ui/locale.ts'
import type { Step } from './check/step.ts'
import { stepNames } from './check/verify.ts'
import { verifierTexts } from './verifier-texts.ts'

const tones = { holds: 'go', untold: 'wait', fails: 'stop', unable: 'wait', skipped: 'plain' } as const

/** Every step, those that were not reached too: with a sign, a word, and what it means. */
export function StepList({ locale, steps }: { readonly locale: Locale; readonly steps: readonly Step[] }) {
  const t = verifierTexts(locale)
  return (
    <>
      <ol class="checks">
        {stepNames.map((name) => {
          const outcome = steps.find((step) => step.name === name)?.outcome ?? 'skipped'
          return (
            <li key={name}>
              <p class="checks-title">{t(name)}</p>
              <Pill tone={tones[outcome]}>{t(`step.${outcome}`)}</Pill>
              <p class="soft">{t(`${name}.text`)}</p>
            </li>
          )
        })}
      </ol>
      <details>
        <summary>{t('detail')}</summary>
        <dl class="facts" lang="en">
          {steps.map(({ name, detail }) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd class="wrap">{detail}</dd>
            </div>
          ))}
        </dl>
      </details>
    </>
  )
}
