/** @jsxImportSource preact */
import { boardOrigin, type Manifest } from '@althing/elections/contract'
import { fromBase64url } from '@althing/kernel/crypto/bytes.ts'
import { verifyTlogProof } from '@althing/kernel/merkle/checkpoints.ts'
import { Button, Notice } from '@althing/web-ui/island/parts.tsx'
import type { Locale } from '@althing/web-ui/locale.ts'
import { useState } from 'preact/hooks'
import * as api from './api.ts'
import { boothTexts } from './booth-texts.ts'
import { noteKey } from './trust.ts'

type Found = { readonly kind: 'on'; readonly index: number; readonly size: number }
type State = { readonly kind: 'asked' | 'notYet' | 'failed' | 'doing' } | Found

interface Props {
  readonly locale: Locale
  readonly manifest: Manifest
  readonly leaf: string
}

/** Whether a leaf stands on the board: proven by hashes under the board's signature, not by what the server says. */
export function BoardCheck({ locale, manifest, leaf }: Props) {
  const t = boothTexts(locale)
  const [state, setState] = useState<State>({ kind: 'asked' })
  const check = () => {
    setState({ kind: 'doing' })
    look(manifest, leaf).then(setState, () => setState({ kind: 'failed' }))
  }
  return (
    <div class="stack" aria-live="polite">
      <div class="row">
        <Button busy={state.kind === 'doing'} onPress={check}>
          {state.kind === 'doing' ? t('check.doing') : t('check.act')}
        </Button>
      </div>
      {state.kind === 'on' && (
        <Notice tone="go" title={t('check.on')}>
          <p>{t('check.on.text', { index: state.index + 1, size: state.size })}</p>
        </Notice>
      )}
      {state.kind === 'notYet' && (
        <Notice tone="info" title={t('check.notYet')}>
          <p>{t('check.notYet.text')}</p>
        </Notice>
      )}
      {state.kind === 'failed' && (
        <Notice tone="stop" title={t('check.failed')}>
          <p>{t('check.failed.text')}</p>
        </Notice>
      )}
    </div>
  )
}

async function look(manifest: Manifest, leaf: string): Promise<State> {
  const text = await api.proof(manifest.election, leaf)
  if (text === null) return { kind: 'notYet' }
  const origin = boardOrigin(new URL(manifest.origin).host, manifest.election)
  const found = await verifyTlogProof(text, fromBase64url(leaf), origin, [noteKey(manifest)])
  if (found === null) return { kind: 'failed' }
  return { kind: 'on', index: found.index, size: found.checkpoint.size }
}
