/**
 * The demo organisation: invented people. Kennitölur have a valid date and, up to February 2026, a valid check digit; nobody
 * real is meant. The same list is the register to import and what the eID stand-in knows.
 */
import type { DemoPerson } from './eid.ts'

const given = [
  'Anna',
  'Ásta',
  'Birna',
  'Dagný',
  'Edda',
  'Freyja',
  'Guðrún',
  'Hildur',
  'Íris',
  'Jóna',
  'Katrín',
  'Lilja',
  'María',
  'Nanna',
  'Ólöf',
  'Ragna',
  'Sif',
  'Þóra',
  'Unnur',
  'Ýr',
  'Æsa',
  'Ari',
  'Baldur',
  'Daði',
  'Einar',
  'Fannar',
  'Gunnar',
  'Hákon',
  'Ívar',
  'Jón',
  'Kári',
  'Leifur',
  'Magnús',
  'Njáll',
  'Óðinn',
  'Páll',
  'Ragnar',
  'Snorri',
  'Þór',
  'Úlfur',
  'Víðir',
  'Örn',
]
const parents = [
  'Ara',
  'Baldurs',
  'Daða',
  'Einars',
  'Gunnars',
  'Hákonar',
  'Jóns',
  'Kára',
  'Leifs',
  'Magnúsar',
  'Páls',
  'Ragnars',
  'Snorra',
  'Þórs',
  'Úlfs',
  'Arnar',
]

export interface DemoMember extends DemoPerson {
  readonly role?: 'superadmin' | 'election-manager'
}

export const demoPassword = 'althing-demo-2026'
export const mostDemoMembers = 500

/** Administrator, officer, and members with a number each. */
export function demoPeople(count = mostDemoMembers): DemoMember[] {
  const officials: DemoMember[] = [
    { ...person(0), name: 'Sólveig Arnardóttir', email: 'admin@example.org', role: 'superadmin' },
    { ...person(1), name: 'Hrafn Leifsson', email: 'officer@example.org', role: 'election-manager' },
  ]
  const members = Array.from({ length: count }, (_, index) => ({
    ...person(index + 2),
    email: `member${index === 0 ? '' : index + 1}@example.org`,
  }))
  return [...officials, ...members]
}

function person(index: number): DemoPerson {
  const first = given[index % given.length] ?? 'Anna'
  const isWoman = index % given.length < 21
  const name = `${first} ${parents[Math.floor(index / given.length) % parents.length] ?? 'Jóns'}${isWoman ? 'dóttir' : 'son'}`
  return { national_id: kennitala(index), name, email: '', phone_number: `+354${String(8_000_000 + index)}` }
}

/** A date, a running number and the check digit (weights 3,2,7,6,5,4,3,2; modulus 11); numbers whose digit would be 10 are skipped. */
function kennitala(index: number): string {
  const day = String((index % 28) + 1).padStart(2, '0')
  const month = String((Math.floor(index / 28) % 12) + 1).padStart(2, '0')
  const year = String(50 + (Math.floor(index / 336) % 50)).padStart(2, '0')
  for (let running = 20; ; running += 1) {
    const first = `${day}${month}${year}${running}`
    const sum = [3, 2, 7, 6, 5, 4, 3, 2].reduce(
      (total, weight, place) => total + weight * Number(first[place]),
      0,
    )
    const check = (11 - (sum % 11)) % 11
    if (check !== 10) return `${first}${check}9`
  }
}
