/** @jsxImportSource preact */
import { Button, Notice } from '@althing/web-ui/island/parts.tsx'
import type { Locale } from '@althing/web-ui/locale.ts'
import { useState } from 'preact/hooks'
import { findReceipt, type ReceiptAnswer } from './check/receipt.ts'
import type { Verdict } from './check/verify.ts'
import { FileButton } from './file-button.tsx'
import { verifierTexts } from './verifier-texts.ts'

/** Is my ballot on this board? By four words, by the leaf, or by the file that the booth saved. */
export function ReceiptSearch({ locale, verdict }: { readonly locale: Locale; readonly verdict: Verdict }) {
  const t = verifierTexts(locale)
  const [words, setWords] = useState('')
  const [answer, setAnswer] = useState<ReceiptAnswer | null>(null)
  const find = async (receipt: string) => setAnswer(await findReceipt(verdict, receipt))
  return (
    <section class="card stack" aria-labelledby="receipt">
      <div class="stack-tight">
        <h2 id="receipt">{t('receipt')}</h2>
        <p>{t('receipt.text')}</p>
      </div>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          void find(words)
        }}
      >
        <div class="field">
          <label for="words">{t('receipt.label')}</label>
          <p class="hint" id="words-hint">
            {t('receipt.hint')}
          </p>
          <input
            class="input mono"
            id="words"
            value={words}
            onInput={({ currentTarget }) => setWords(currentTarget.value)}
            aria-describedby="words-hint"
            autocomplete="off"
            autocapitalize="off"
            spellcheck={false}
          />
        </div>
        <div class="row">
          <Button>{t('receipt.act')}</Button>
          <FileButton
            label={t('receipt.file')}
            accept=".txt,text/plain"
            onFile={(file) => void file.text().then(find, () => setAnswer({ kind: 'unreadable' }))}
          />
        </div>
      </form>
      <div aria-live="polite">{answer !== null && <Answer locale={locale} answer={answer} />}</div>
    </section>
  )
}

function Answer({ locale, answer }: { readonly locale: Locale; readonly answer: ReceiptAnswer }) {
  const t = verifierTexts(locale)
  if (answer.kind === 'found') {
    const { state, at, signed } = answer
    return (
      <Notice tone={state === 'counted' ? 'go' : 'info'} title={t(`receipt.${state}`)}>
        {state !== 'counted' && <p>{t(`receipt.${state}.text`)}</p>}
        <p>
          {t('receipt.at', { at })} {signed && t('receipt.signed')}
        </p>
      </Notice>
    )
  }
  const names = {
    absent: answer.kind === 'absent' && answer.signed ? 'broken' : 'absent',
    'other election': 'other',
    forged: 'forged',
    unreadable: 'unreadable',
  } as const
  const name = names[answer.kind]
  return (
    <Notice tone={name === 'other' || name === 'unreadable' ? 'wait' : 'stop'} title={t(`receipt.${name}`)}>
      <p>{t(`receipt.${name}.text`)}</p>
    </Notice>
  )
}
