/** @jsxImportSource preact */
import { words } from '@althing/elections/contract'
import { fromBase64url } from '@althing/kernel/crypto/bytes.ts'
import { saveFile } from '@althing/web-ui/dom/keep.ts'
import { announce } from '@althing/web-ui/dom/live.ts'
import {
  Button,
  CopyButton,
  Heading,
  Notice,
  Qr,
  Said,
  Sign,
  Waiting,
  Words,
} from '@althing/web-ui/island/parts.tsx'
import { uiTexts } from '@althing/web-ui/ui-texts.ts'
import { useEffect, useState } from 'preact/hooks'
import { BoardCheck } from './board-check.tsx'
import { boothTexts } from './booth-texts.ts'
import { Go, type Booth } from './go.tsx'
import { LoadProblemPage } from './load-problem.tsx'
import { load, problemOf, type Loaded } from './loading.ts'
import type { KeptReceipt } from './place.ts'
import { receiptFile } from './receipt-file.ts'
import { addressOf } from './route.ts'

interface Props extends Booth {
  readonly election: string | null
  readonly leaf: string | null
}

/** The receipt of this device, or one that came in an address from another. */
export function ReceiptPage({ election, leaf, ...booth }: Props) {
  const [loaded, setLoaded] = useState<Loaded | Error | null>(null)
  const start = () => {
    if (election === null) return
    setLoaded(null)
    load(election, booth.places, booth.clock).then(setLoaded, (error: unknown) => setLoaded(error as Error))
  }
  useEffect(start, [election])
  if (election === null) return <NoReceipt {...booth} />
  if (loaded === null) return <Waiting locale={booth.locale} />
  if (loaded instanceof Error) return <LoadProblemPage {...booth} problem={problemOf(loaded)} again={start} />
  const kept = loaded.place?.receipt ?? null
  if (leaf !== null && leaf !== kept?.receipt.leaf) return <Foreign {...booth} loaded={loaded} leaf={leaf} />
  if (kept === null) return <NoReceipt {...booth} />
  return <Own {...booth} loaded={loaded} kept={kept} />
}

function NoReceipt({ locale, go }: Booth) {
  const t = boothTexts(locale)
  return (
    <>
      <Heading>{t('receipt.none')}</Heading>
      <p class="lead">{t('receipt.none.text')}</p>
      <p>
        <Go to={addressOf.list} go={go}>
          {t('back')}
        </Go>
      </p>
    </>
  )
}

interface OwnProps extends Booth {
  readonly loaded: Loaded
  readonly kept: KeptReceipt
}

function Own({ loaded, kept, ...booth }: OwnProps) {
  const { locale } = booth
  const t = boothTexts(locale)
  const { shown } = loaded
  const { receipt, seq, check } = kept
  const address = new URL(addressOf.check(shown.id, receipt.leaf), location.origin).href
  return (
    <>
      <p class="soft">
        <Said text={shown.title} locale={locale} />
      </p>
      <div class="receipt">
        <div class="receipt-title">
          <Sign tone="go" />
          <Heading>{t('receipt.title')}</Heading>
        </div>
        {check === 'unchecked' && (
          <Notice tone="wait" title={uiTexts(locale)('notice.wait')}>
            <p>{t('receipt.unchecked')}</p>
          </Notice>
        )}
        <Words words={receipt.words} label={t('receipt.words')} />
        <p>{t('receipt.explain')}</p>
        {seq > 1 && <p class="soft">{t('receipt.nth', { n: seq })}</p>}
        <Qr text={address} label={t('receipt.qr')} />
        <div class="row">
          <Button
            onPress={() =>
              saveFile(`althing-${receipt.words.join('-')}.txt`, receiptFile(locale, shown, receipt, address))
            }
          >
            {t('receipt.save')}
          </Button>
          <CopyButton locale={locale} text={receiptFile(locale, shown, receipt, address)} />
          <Button onPress={() => print()}>{t('receipt.print')}</Button>
        </div>
      </div>
      <p>{t('receipt.lead')}</p>
      <How {...booth} loaded={loaded} leaf={receipt.leaf} />
      <Onward {...booth} loaded={loaded} />
    </>
  )
}

function How({ locale, loaded, leaf }: Booth & { readonly loaded: Loaded; readonly leaf: string }) {
  const t = boothTexts(locale)
  return (
    <details>
      <summary>{t('receipt.how')}</summary>
      <div class="stack">
        <ul class="bullets">
          <li>{t('receipt.how.1')}</li>
          <li>{t('receipt.how.2')}</li>
          <li>{t('receipt.how.3')}</li>
        </ul>
        <p class="code">{leaf}</p>
        <BoardCheck locale={locale} manifest={loaded.paper.manifest} leaf={leaf} />
      </div>
    </details>
  )
}

/** What may come after: another vote, the result, or leaving no trace on a shared device. */
function Onward({ locale, go, places, loaded }: Booth & { readonly loaded: Loaded }) {
  const t = boothTexts(locale)
  const { shown, place } = loaded
  const mayVote = place?.ticket && (shown.status === 'open' || shown.status === 'paused')
  const forget = async () => {
    await places.remove(shown.id)
    announce(t('forget.done'))
    go(addressOf.list, 'replace')
  }
  return (
    <>
      {mayVote && (
        <div class="stack-tight">
          <div class="row">
            <Go to={addressOf.vote(shown.id)} go={go} class="button button-secondary">
              {t('receipt.change')}
            </Go>
          </div>
          <p class="soft small">{t('receipt.change.text')}</p>
        </div>
      )}
      {!mayVote && (
        <div class="row">
          <Go to={addressOf.results(shown.id)} go={go} class="button button-primary">
            {t('list.results')}
          </Go>
        </div>
      )}
      <div class="stack-tight">
        <div>
          <Button kind="quiet" onPress={() => void forget()}>
            {t('forget')}
          </Button>
        </div>
        <p class="soft small">{t('forget.text')}</p>
      </div>
    </>
  )
}

/** From a QR code or a saved file: what can be said of it without the device that cast it. */
function Foreign({ locale, go, loaded, leaf }: Booth & { readonly loaded: Loaded; readonly leaf: string }) {
  const t = boothTexts(locale)
  const hash = hashOf(leaf)
  return (
    <>
      <div class="stack-tight">
        <p class="soft">
          <Said text={loaded.shown.title} locale={locale} />
        </p>
        <Heading>{t('receipt.other')}</Heading>
        <p class="lead">{t('receipt.other.lead')}</p>
      </div>
      {hash === null ? (
        <Notice tone="stop" title={t('check.failed')}>
          <p>{t('broken.text')}</p>
        </Notice>
      ) : (
        <>
          <Words words={words(hash, 4)} label={t('receipt.words')} />
          <BoardCheck locale={locale} manifest={loaded.paper.manifest} leaf={leaf} />
        </>
      )}
      <p>
        <Go to={addressOf.results(loaded.shown.id)} go={go}>
          {t('list.results')}
        </Go>
      </p>
    </>
  )
}

function hashOf(leaf: string): Uint8Array | null {
  try {
    const bytes = fromBase64url(leaf)
    return bytes.length === 32 ? bytes : null
  } catch {
    return null
  }
}
