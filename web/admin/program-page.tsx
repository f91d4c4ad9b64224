import { useState, type ReactNode } from 'react'
import { adminTexts } from './admin-texts.ts'
import { useCarried } from './carried.ts'
import { wordOf } from './client-fields.tsx'
import { Go, type Console } from './go.tsx'
import { Keeping } from './keeping.tsx'
import { useLoaded } from './loaded.ts'
import { isNotThere, NotThere } from './not-there.tsx'
import { Facts, Notice, PageHeading } from './parts.tsx'
import { ProblemNotice } from './problem.tsx'
import { KeyOnce, Keys } from './program-keys.tsx'
import * as api from './programs-api.ts'
import { room, Standing } from './programs-page.tsx'
import { At } from './state.tsx'
import { useNames } from './whose.tsx'

type Done = 'disabled' | 'enabled' | 'revoked'

/** One program: what it is for, what its kind allows, and its keys. */
export function ProgramPage({ id, locale, go, clock }: Console & { readonly id: string }) {
  const t = adminTexts(locale)
  const { value: program, error, busy, act } = useLoaded(() => api.program(id), [id])
  const [once, setOnce] = useCarried<string | null>('program-once', () => null)
  const [done, setDone] = useState<Done | null>(null)
  if (program === null && isNotThere(error)) return <NotThere locale={locale} go={go} />
  const work = (what: () => Promise<unknown>) => {
    setDone(null)
    act(what)
  }
  return (
    <>
      <p>
        <Go to={`/admin/${room}`} go={go}>
          {t('programs.all')}
        </Go>
      </p>
      <ProblemNotice locale={locale} error={error} />
      {program !== null && (
        <>
          <PageHeading>{program.name}</PageHeading>
          <Standing locale={locale} program={program} />
          {done !== null && error === null && <Notice tone="go" title={t(`program.done.${done}`)} />}
          {once !== null && <KeyOnce locale={locale} value={once} kept={() => setOnce(null)} />}
          <About locale={locale} go={go} program={program} />
          <Acts locale={locale} go={go} program={program} busy={busy} work={work} setDone={setDone} />
          <Keys
            locale={locale}
            program={program}
            busy={busy}
            clock={clock}
            error={error}
            add={(body, made) =>
              work(() =>
                api.addKey(id, body).then(({ key }) => {
                  setOnce(key)
                  made()
                }),
              )
            }
            rotate={(key, until) =>
              work(() => api.rotateKey(id, key, until).then((next) => setOnce(next.key)))
            }
            revoke={(key) => work(() => api.revokeKey(id, key).then(() => setDone('revoked')))}
          />
        </>
      )}
    </>
  )
}

interface PartProps extends Pick<Console, 'locale' | 'go'> {
  readonly program: api.Program
}

function About({ locale, go, program }: PartProps) {
  const t = adminTexts(locale)
  const { id, kind, purpose, ownerKind, owner, usedAt, madeAt, limits } = program
  const names = useNames([owner])
  const whose =
    ownerKind === 'organisation' ? (
      t('program.owner.organisation')
    ) : owner === null ? (
      t('program.ownerless')
    ) : (
      <Go key="owner" to={`/admin/people/${owner}`} go={go}>
        {names.get(owner) ?? t('program.owner.person')}
      </Go>
    )
  const rows: (readonly [string, ReactNode])[] = [
    [t('program.id'), <code key="id">{id}</code>],
    [t('client.kind.title'), t('program.kind', { kind: wordOf(kind) })],
    [t('program.purpose'), purpose],
    [t('program.owner'), whose],
    [t('program.limits'), t('program.limits.text', { minutes: limits.tokenMinutes, days: limits.keyDays })],
    [t('program.doors'), t(limits.atDoors ? 'program.doors.yes' : 'program.doors.no')],
    [
      t('client.used'),
      usedAt === null ? t('client.used.never') : <At key="used" locale={locale} at={usedAt} />,
    ],
    [t('client.made'), <At key="made" locale={locale} at={madeAt} />],
  ]
  return <Facts rows={rows} />
}

interface ActsProps extends PartProps {
  readonly busy: boolean
  readonly work: (what: () => Promise<unknown>) => void
  readonly setDone: (done: Done) => void
}

function Acts({ locale, go, program, busy, work, setDone }: ActsProps) {
  const t = adminTexts(locale)
  const { id } = program
  return (
    <Keeping
      locale={locale}
      of={program}
      words={{
        disable: t('program.disable'),
        disableText: t('program.disable.text'),
        deleteText: t('program.delete.text'),
      }}
      acts={{
        enable: 'service-identities.change',
        disable: 'service-identities.change',
        remove: 'service-identities.remove',
      }}
      busy={busy}
      enable={() => work(() => api.enable(id).then(() => setDone('enabled')))}
      disable={() => work(() => api.disable(id).then(() => setDone('disabled')))}
      remove={() => work(() => api.remove(id).then(() => go(`/admin/${room}`)))}
    />
  )
}
