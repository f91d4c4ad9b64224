import type { AccountDetail } from '@althing/identity/contract'
import { ranksAbove } from '@althing/policy/contract'
import type { ConsoleAction } from '@althing/portal/contract'
import { useEffect, useState } from 'react'
import { adminTexts } from './admin-texts.ts'
import { useCarried } from './carried.ts'
import { Confirm, type Draft, type Question } from './confirm.tsx'
import type { Console } from './go.tsx'
import { Button } from './parts.tsx'
import { useMay, useOwnRoles } from './standing.ts'

export type Verb = 'invite' | 'paper' | 'signOut' | 'reset' | 'suspend' | 'ban' | 'reinstate'

const actOf = {
  invite: 'users.activate',
  paper: 'users.activate',
  signOut: 'users.sign-out',
  reset: 'users.reset-factors',
  suspend: 'users.set-status',
  ban: 'users.set-status',
  reinstate: 'users.set-status',
} as const satisfies Record<Verb, ConsoleAction>

interface Props {
  readonly locale: Console['locale']
  readonly person: AccountDetail
  readonly busy: boolean
  readonly start: (verb: Verb, reason?: string, told?: string) => void
  /** What was written for it is of the past. */
  readonly done: Verb | null
}

/** What somebody will ask about later. */
const reasoned: readonly Verb[] = ['reset', 'suspend', 'ban', 'reinstate']
/** What is not done without a reason. */
const needed: readonly Verb[] = ['reset', 'suspend', 'ban']
/** What its person gets a letter about. */
const told: readonly Verb[] = ['suspend', 'ban', 'reinstate']

/** What is done to nobody whose role is not below one's own (services/identity/accounts/rules.ts): a link is sent to the address of anybody who waits for theirs, and a code on paper is held by whoever made it. */
const ranked: readonly Verb[] = ['paper', 'signOut', 'reset', 'suspend', 'ban', 'reinstate']

/** Whether whoever is here may do to this person what those above them do: whoever looks at themselves may, as far as it is offered. */
export function useRanksAbove({ roles, isOneself }: Pick<AccountDetail, 'roles' | 'isOneself'>): boolean {
  const own = useOwnRoles()
  return isOneself || ranksAbove(own, roles)
}

/** What can be taken back is done at once; what its person notices is asked first. */
export function PersonActs({ locale, person, busy, start, done }: Props) {
  const may = useMay()
  const allowed = verbsFor(person).filter((verb) => may(actOf[verb]))
  const isAbove = useRanksAbove(person)
  const verbs = allowed.filter((verb) => isAbove || !ranked.includes(verb))
  // There is an address of theirs that letters go to.
  const canBeTold = person.email !== null && person.emailProven
  const t = adminTexts(locale)
  const [question, setQuestion] = useState<Question | null>(null)
  const [drafts, setDrafts] = useCarried<Partial<Record<Verb, Draft>>>('person-acts', () => ({}))
  useEffect(() => {
    if (done !== null) setDrafts({})
  }, [done])
  const ask = (verb: Verb) =>
    setQuestion({
      title: t(`person.${verb}.title`),
      text: t(`person.${verb}.text`),
      act: t(`person.act.${verb}`),
      ...(verb === 'ban' ? { word: t('person.ban.word') } : {}),
      ...(reasoned.includes(verb) ? { asksWhy: needed.includes(verb) ? 'needed' : 'optional' } : {}),
      tells: told.includes(verb) && canBeTold,
      ...(drafts[verb] === undefined ? {} : { draft: drafts[verb] }),
      keep: (draft) => setDrafts({ ...drafts, [verb]: draft }),
      onYes: (reason, words) => start(verb, reason, words),
    })
  return (
    <>
      {verbs.length < allowed.length && <p>{t('person.above')}</p>}
      {verbs.length > 0 && (
        <div className="row">
          {verbs.map((verb) => (
            <Button
              key={verb}
              busy={busy}
              kind={verb === 'ban' || verb === 'suspend' ? 'danger' : 'secondary'}
              onPress={() => (verb === 'invite' ? start(verb) : ask(verb))}
            >
              {t(`person.act.${verb}`)}
            </Button>
          ))}
        </div>
      )}
      <Confirm locale={locale} question={question} onClose={() => setQuestion(null)} />
    </>
  )
}

function verbsFor({ status, email, factors, isOneself }: AccountDetail): Verb[] {
  if (status === 'suspended' || status === 'banned') return ['reinstate']
  const first: Verb[] = email === null ? [] : ['invite']
  if (status === 'pending') return [...first, 'paper', 'ban']
  // What would shut oneself out is done by somebody else; one's own second step is turned off on one's own page, where it has to be shown.
  if (isOneself) return ['signOut']
  const reset: Verb[] =
    factors.codesLeft !== null || factors.mailedCodes.length > 0 || factors.passkeys > 0 ? ['reset'] : []
  return ['signOut', ...reset, 'suspend', 'ban']
}
