import { members } from '../../../services/members/service.ts'
import { testService } from '../../support/service.ts'
import { askerAt, nobodys, right, type Thing, type Things } from './things.ts'

const base = '/api/members'
const chief = { kind: 'person', name: 'superadmin', roles: ['superadmin'] } as const
const header = 'kennitala,name,email,phone,date_joined,fees_paid'
const anna = '1201743399,Anna Jónsdóttir,anna@example.org,8000001,2020-01-01,yes'

export async function membersThings(): Promise<readonly Things[]> {
  const service = await testService(members)
  let people = 0

  /** By somebody new each time: nobody looks at more than thirty files in ten minutes. */
  async function looked(row = anna): Promise<Thing> {
    people += 1
    const subject = `acc_00000000-0000-7000-8000-${String(people).padStart(12, 'f')}`
    const answer = await service.fetch(
      new Request(`http://localhost:8080${base}/imports`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${service.issuer.token({ subject, roles: ['superadmin'] })}`,
          'content-type': 'text/csv',
        },
        body: `${header}\n${row}\n`,
      }),
    )
    const { id } = (await answer.json()) as { id: string }
    return { params: { id } }
  }
  async function applied(): Promise<Thing> {
    const one = await looked()
    right(await askerAt(service, chief).send('POST', `${base}/imports/${one.params['id']}/commit`))
    return one
  }
  const imports: Things = {
    name: 'import',
    service,
    make: {
      looked: () => looked(),
      wrong: () => looked(anna.replace('1201743399', '1201743391')),
      applied,
      none: async () => ({ params: { id: `imp_${nobodys}` } }),
    },
  }
  const directory: Things = {
    name: 'member',
    service,
    make: {
      listed: async () => {
        await applied()
        const { members: found } = right(
          await askerAt(service, chief).send('GET', `${base}?q=Anna`),
        ) as unknown as { members: { id: string }[] }
        return { params: { id: found[0]?.id ?? '', person: `acc_${nobodys}` } }
      },
      none: async () => ({ params: { id: `mem_${nobodys}`, person: `acc_${nobodys}` } }),
    },
  }
  return [imports, directory]
}
