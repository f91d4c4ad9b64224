import { useState } from 'react'
import { adminTexts } from './admin-texts.ts'
import * as api from './api.ts'
import type { Room } from './room.ts'
import { Button } from './parts.tsx'
import { readKeyFile } from './sealing-key.ts'

/** Far more than any key file has; what is larger is a film, and need not be read. */
const mostBytes = 64 * 1024

/** The secret part is handed over here, and only now: with the key of this browser, or from the file. */
export function Counting({ locale, election, kept, busy, act }: Room) {
  const t = adminTexts(locale)
  const [isWrong, setIsWrong] = useState(false)
  const isHere = kept !== null && kept.public_key === election.sealing_key
  const count = (privateKey: string) => act(() => api.tally(election.id, privateKey))
  const read = async (file: File | undefined) => {
    if (file === undefined) return
    const key = file.size > mostBytes ? null : readKeyFile(await file.text(), election.sealing_key)
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
        {isWrong && (
          <p className="error" id="key-file-error" role="alert">
            {t('count.wrong')}
          </p>
        )}
        <div>
          <label className={`button file ${isHere ? 'button-secondary' : 'button-primary'}`}>
            {t(busy ? 'count.doing' : isHere ? 'count.file' : 'count.file.choose')}
            <input
              id="key-file"
              className="visually-hidden"
              type="file"
              accept="application/json,.json"
              disabled={busy}
              aria-describedby={isWrong ? 'key-file-error' : undefined}
              onChange={({ currentTarget }) => {
                const file = currentTarget.files?.[0]
                // The right file may have the name of the wrong one.
                currentTarget.value = ''
                void read(file)
              }}
            />
          </label>
        </div>
      </div>
    </section>
  )
}
