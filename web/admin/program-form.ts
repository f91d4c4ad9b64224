import { serversIn } from './servers-form.ts'

/** The form of a key: what it may do, for how long, from where and when. Its fields are called as the interface calls them. */
export const emptyKey = {
  scopes: [] as readonly string[],
  resources: '',
  days: '30',
  networks: '',
  from: '',
  to: '',
}
export type KeyForm = typeof emptyKey

/** What is empty is not said; whether the rest is right is said by who keeps it. */
export function keyOf({ scopes, resources, days, networks, from, to }: KeyForm) {
  const servers = serversIn(resources)
  return {
    scopes,
    days: Number(days),
    ...(Object.keys(servers).length === 0 ? {} : { resources: servers }),
    ...(networks.trim() === '' ? {} : { networks: networks.split(/[\s,]+/).filter((one) => one !== '') }),
    ...(from === '' && to === '' ? {} : { hours: [numberIn(from), numberIn(to)] }),
  }
}

/** Nothing is not zero. */
const numberIn = (text: string) => (text.trim() === '' ? null : Number(text))

/** Which field a refusal is about, whatever it says within it. */
export const fieldIn = (pointer: string): string => pointer.split('/').find((part) => part !== '') ?? ''
