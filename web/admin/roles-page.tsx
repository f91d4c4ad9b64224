import type { AccountDetail } from '@althing/identity/contract'
import { mayGive, OfficeRole, ranksAbove } from '@althing/policy/contract'
import { adminTexts } from './admin-texts.ts'
import { me } from './api.ts'
import { useCarried } from './carried.ts'
import { Field } from './fields.tsx'
import { Go, type Console } from './go.tsx'
import { useLoaded } from './loaded.ts'
import { isNotThere, NotThere } from './not-there.tsx'
import { Button, Notice, PageHeading } from './parts.tsx'
import * as api from './people-api.ts'
import { ProblemNotice } from './problem.tsx'
import { isSame } from './same-words.ts'
import { tellThere } from './told-there.ts'
import { tooLong } from './too-long.ts'

/** The lower ones first, and the duties after them. Who is a member, the register says. */
const office = OfficeRole.options
const isOffice = (role: string) => office.some((one) => one === role)

/** What somebody may do here, asked on a page of its own: they hear of it, and it stands in the log who did it. */
export function RolesPage({ id, locale, go }: Console & { readonly id: string }) {
  const t = adminTexts(locale)
  const { value, error, busy, load, act } = useLoaded(async () => {
    const [person, own] = await Promise.all([api.person(id), me()])
    return { person, own: own.roles }
  }, [id])
  if (value === null && isNotThere(error)) return <NotThere locale={locale} go={go} />
  const back = `/admin/people/${id}`
  const save = (roles: readonly string[], reason: string) =>
    act(async () => {
      const { roles: now } = await api.setRoles(id, roles, reason)
      tellThere(back, isSame(now, value?.person.roles ?? []) ? 'same' : 'changed')
      go(back, 'replace')
    })
  return (
    <>
      <p>
        <Go to={back} go={go}>
          {value?.person.name ?? t('people.all')}
        </Go>
      </p>
      {value === null ? (
        <ProblemNotice locale={locale} error={error} again={load} />
      ) : (
        <>
          <PageHeading>{t('roles.title', { name: value.person.name })}</PageHeading>
          <ProblemNotice locale={locale} error={error} />
          <Form locale={locale} go={go} back={back} {...value} busy={busy} save={save} />
        </>
      )}
    </>
  )
}

interface FormProps extends Pick<Console, 'locale' | 'go'> {
  readonly back: string
  readonly person: AccountDetail
  /** Of whoever sits here: nobody gives or takes but what is below their own. */
  readonly own: readonly string[]
  readonly busy: boolean
  readonly save: (roles: readonly string[], reason: string) => void
}

function Form({ locale, go, back, person, own, busy, save }: FormProps) {
  const t = adminTexts(locale)
  const [chosen, choose] = useCarried<readonly string[]>('roles', () => person.roles.filter(isOffice))
  const [reason, setReason] = useCarried('roles-reason', () => '')
  const long = tooLong(locale, reason)
  if (person.isOneself) return <Notice tone="wait" title={t('roles.oneself')} />
  if (!ranksAbove(own, person.roles)) return <Notice tone="wait" title={t('person.above')} />
  const toggle = (role: string, on: boolean) =>
    choose(on ? [...chosen, role] : chosen.filter((one) => one !== role))
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault()
        if (long === undefined) save(chosen, reason.trim())
        else document.getElementById('roles-reason')?.focus()
      }}
    >
      <fieldset className="choices">
        <legend>{t('roles.legend')}</legend>
        {office.map((role) => (
          <div className="choice" key={role}>
            <input
              type="checkbox"
              id={`role-${role}`}
              checked={chosen.includes(role)}
              disabled={!mayGive(own, role)}
              aria-describedby={`role-${role}-hint`}
              onChange={(event) => toggle(role, event.target.checked)}
            />
            <label htmlFor={`role-${role}`}>
              <span className="choice-label sentence">{t('role', { role: role.replaceAll('-', '_') })}</span>
              <span className="hint" id={`role-${role}-hint`}>
                {t(`roles.may.${role}`)} {!mayGive(own, role) && t('roles.above')}
              </span>
            </label>
          </div>
        ))}
      </fieldset>
      <p>{t('roles.text')}</p>
      <Field
        id="roles-reason"
        label={t('confirm.reason.optional')}
        long
        error={long}
        value={reason}
        onChange={setReason}
      />
      <div className="row">
        <Button kind="primary" busy={busy}>
          {t('roles.save')}
        </Button>
        <Go to={back} go={go} className="button button-quiet">
          {t('confirm.cancel')}
        </Go>
      </div>
    </form>
  )
}
