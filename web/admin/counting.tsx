import { useState } from 'react'
import { adminTexts } from './admin-texts.ts'
import * as api from './api.ts'
import type { Room } from './room.ts'
import { Button } from './parts.tsx'
import { readKeyFile } from './sealing-key.ts'

/** The secret part is handed over here, and only now: with the key of this browser, or from the file. */
export function Counting({ locale, election, kept, busy, act }: Room) {
  const t = adminTexts(locale)
  const [isWrong, setIsWrong] = useState(false)
  const isHere = kept !== null && kept.public_key === election.sealing_key
  const count = (privateKey: string) => act(() => api.tally(election.id, privateKey))
  const read = async (file: File | undefined) => {
    if (file === undefined) return
    const key = readKeyFile(await file.text(), election.sealing_key)
    setIsWrong(key === null)
    if (key !== null) count(key.private_key)
  }
  return (
    <section className="card" aria-labelledby="count">
      <div className="stack-tight">
        <h2 id="count">{t('count.title')}</h2>
        <p>{t('count.text')}</p>
      </div>
      {isHere && (
        <div className="row">
          <Button kind="primary" busy={busy} onPress={() => count(kept.private_key)}>
            {t(busy ? 'count.doing' : 'count.here')}
          </Button>
        </div>
      )}
      <div className={isWrong ? 'field field-wrong' : 'field'}>
        <label htmlFor="key-file">{t(isHere ? 'count.file' : 'count.file.label')}</label>
        {isWrong && (
          <p className="error" id="key-file-error" role="alert">
            {t('count.wrong')}
          </p>
        )}
        <input
          id="key-file"
          className="input"
          type="file"
          accept="application/json,.json"
          aria-describedby={isWrong ? 'key-file-error' : undefined}
          onChange={(event) => void read(event.target.files?.[0])}
        />
      </div>
    </section>
  )
}
