/** From where and at which hours a program may act. Whoever is bound so is looked at at each request, with the address that we believe. */
import { BlockList, isIP } from 'node:net'
import { z } from 'zod'

/** A network as `192.0.2.0/24` or `2001:db8::/32`, or one address. */
export const Network = z
  .string()
  .max(50)
  .refine((text) => listOf([text]) !== null)

/** Hours of the day in UTC, from the beginning of the first to the beginning of the second; over midnight when the first is later. */
export const Hours = z
  .tuple([z.int().min(0).max(23), z.int().min(0).max(24)])
  .refine(([from, to]) => from !== to)

/** The header of a token that says: whoever does not know of bounds may not take me. */
export const boundsHeader = 'althing-bounds'

/** Strict: a bound that a later version knows and this one does not is no token of ours. */
export const Bounds = z.strictObject({
  networks: z.array(Network).max(20).optional(),
  hours: Hours.optional(),
})
export type Bounds = z.output<typeof Bounds>

/** What stands against it, if anything. */
export function outOf(
  { networks, hours }: Bounds,
  { address, at }: { readonly address: string; readonly at: Date },
): 'elsewhere' | 'off_hours' | null {
  if (networks !== undefined && !isWithin(networks, address)) return 'elsewhere'
  return hours !== undefined && !isDuring(hours, at.getUTCHours()) ? 'off_hours' : null
}

function isDuring([from, to]: z.output<typeof Hours>, hour: number): boolean {
  return from < to ? from <= hour && hour < to : from <= hour || hour < to
}

/** An IPv4 address that comes as IPv6 (RFC 4291, section 2.5.5.2) is looked up among those of IPv4. */
function isWithin(networks: readonly string[], address: string): boolean {
  const plain = address.split('%')[0] ?? ''
  const version = isIP(plain)
  return version !== 0 && listOf(networks)?.check(plain, version === 6 ? 'ipv6' : 'ipv4') === true
}

/** Null when one of them is none. */
function listOf(networks: readonly string[]): BlockList | null {
  const list = new BlockList()
  for (const network of networks) {
    const [, address = '', bits] = /^([0-9A-Fa-f.:]+)(?:\/(\d{1,3}))?$/.exec(network) ?? []
    const version = isIP(address)
    const most = version === 6 ? 128 : 32
    if (version === 0 || Number(bits ?? most) > most) return null
    list.addSubnet(address, Number(bits ?? most), version === 6 ? 'ipv6' : 'ipv4')
  }
  return list
}
